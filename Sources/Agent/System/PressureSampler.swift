/// The share of time in which some task waited for a resource (pressure stall information).
struct PressureSampler {
    private var stalled = RateTrack()

    /// From the kernel's total rather than its averages: exactly the time between two samples.
    mutating func sample(_ resource: String, _ paths: SystemPaths, at now: AgentInstant) -> Double? {
        // The machine's root group has no such file; there the machine as a whole is meant.
        let text =
            SmallFile.text("\(paths.cgroup)/\(resource).pressure")
            ?? SmallFile.text("\(paths.proc)/pressure/\(resource)")
        guard let line = text.flatMap({ Fields.lines($0).first { $0.hasPrefix("some ") } }),
            let total = Fields.words(line).first(where: { $0.hasPrefix("total=") }),
            let microseconds = Double(total.dropFirst("total=".count))
        else { return nil }
        return stalled.perSecond(microseconds / 1_000_000, at: now).map { min(1, $0) }
    }
}
