import Glibc

/// How busy the disks are, and how full.
struct DiskSampler {
    private var busy: [String: RateTrack] = [:]

    /// Of the busiest disk. Partitions are part of their disk; loop and memory disks are none.
    mutating func utilization(_ paths: SystemPaths, at now: AgentInstant) -> Double? {
        guard let text = SmallFile.text(paths.proc + "/diskstats") else { return nil }
        var largest: Double?
        var seen: Set<String> = []
        for line in Fields.lines(text) {
            let words = Fields.words(line)
            // major minor name, then eleven counters and more; the tenth is the time with work in flight, in ms.
            guard words.count >= 13, let milliseconds = Double(words[12]) else { continue }
            let name = String(words[2])
            guard !name.hasPrefix("loop"), !name.hasPrefix("ram"), !name.hasPrefix("zram"),
                // A name such as `cciss/c0d0` is written otherwise there.
                access("\(paths.sys)/block/" + String(name.map { $0 == "/" ? "!" : $0 }), F_OK) == 0
            else { continue }
            seen.insert(name)
            if let share = busy[name, default: RateTrack()].perSecond(milliseconds / 1000, at: now) {
                largest = max(largest ?? 0, min(1, share))
            }
        }
        // A disk that went is forgotten, so that the table never grows.
        busy = busy.filter { seen.contains($0.key) }
        return largest
    }

    /// As `df` shows it: what is used, of what a user without privileges can have.
    static func fill(_ paths: SystemPaths) -> Double? {
        var facts = statvfs()
        guard statvfs(paths.disk, &facts) == 0 else { return nil }
        let used = Double(facts.f_blocks) - Double(facts.f_bfree)
        let reachable = used + Double(facts.f_bavail)
        return reachable > 0 ? max(0, used / reachable) : nil
    }
}
