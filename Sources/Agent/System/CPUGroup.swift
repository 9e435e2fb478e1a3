/// Processor time of a cgroup, and how many processors it may use.
struct CPUGroup {
    /// Used since the group was made.
    var seconds: Double
    var cpus: Double

    /// `cpu.max`, or where that is `max`, the processors that the group is bound to, else `machine`. The machine's root group has no such file.
    init?(version2 folder: String, machine: Double) {
        guard let limit = SmallFile.text(folder + "/cpu.max"),
            let usage = SmallFile.text(folder + "/cpu.stat"),
            let microseconds = Fields.value(of: "usage_usec", in: usage)
        else { return nil }
        seconds = microseconds / 1_000_000
        let bound = SmallFile.text(folder + "/cpuset.cpus.effective").flatMap(Self.count) ?? machine
        let words = limit.split(whereSeparator: \.isWhitespace)
        if words.first == "max" {
            cpus = bound
        } else if words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 {
            cpus = bound > 0 ? min(bound, quota / period) : quota / period
        } else {
            return nil
        }
    }

    /// The hierarchies of version 1; nil also where there is no quota (−1).
    init?(version1 folder: String) {
        guard let quota = Fields.number(folder + "/cpu/cpu.cfs_quota_us"), quota > 0,
            let period = Fields.number(folder + "/cpu/cpu.cfs_period_us"), period > 0,
            let nanoseconds = Fields.number(folder + "/cpuacct/cpuacct.usage")
        else { return nil }
        seconds = nanoseconds / 1_000_000_000
        cpus = quota / period
    }

    /// How many a list such as `0-3,7` names; nil where it is none.
    static func count(_ list: String) -> Double? {
        var count = 0
        for part in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            let bounds = part.split(separator: "-").compactMap { UInt16($0) }
            guard let first = bounds.first, let last = bounds.last, bounds.count <= 2, first <= last else { return nil }
            count += Int(last - first) + 1
        }
        return count > 0 ? Double(count) : nil
    }
}
