/// How busy the allocated processors are.
struct CPUSampler {
    private var used = RateTrack()
    private var share = TickShare()

    /// The share of the cgroup's quota that it used; without a quota, the share of the machine's time that was not idle.
    ///
    /// A machine's root group has no quota, so the machine is what the resource has.
    mutating func sample(_ paths: SystemPaths, at now: AgentInstant) -> Double? {
        let stat = SmallFile.text(paths.proc + "/stat")
        let machine = Double(stat.map(Self.processors) ?? 0)
        if let group = CPUGroup(version2: paths.cgroup, machine: machine) ?? CPUGroup(version1: paths.cgroup) {
            // A quota may be larger than what there is.
            let cpus = machine > 0 ? min(group.cpus, machine) : group.cpus
            guard cpus > 0 else { return nil }
            return used.perSecond(group.seconds, at: now).map { min(1, $0 / cpus) }
        }
        guard let stat, let line = Fields.lines(stat).first(where: { $0.hasPrefix("cpu ") }) else { return nil }
        // user nice system idle iowait irq softirq steal; guest time is part of user. Stolen time was asked for and not had.
        let ticks = Fields.words(line).dropFirst().prefix(8).compactMap { Double($0) }
        guard ticks.count >= 4 else { return nil }
        let idle = ticks[3] + (ticks.count > 4 ? ticks[4] : 0)
        let total = ticks.reduce(0, +)
        return share.perTick(busy: total - idle, total: total)
    }

    private static func processors(_ stat: String) -> Int {
        Fields.lines(stat).count { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") }
    }
}

/// Busy time by total time, both counted by the kernel in the same ticks: needs no clock of ours.
struct TickShare {
    private var last: (busy: Double, total: Double)?

    mutating func perTick(busy: Double, total: Double) -> Double? {
        defer { last = (busy, total) }
        guard let last, total > last.total else { return nil }
        return min(1, max(0, (busy - last.busy) / (total - last.total)))
    }
}
