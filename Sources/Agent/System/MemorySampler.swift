/// How much of the allocated memory is in use.
enum MemorySampler {
    static func sample(_ paths: SystemPaths) -> Double? {
        let machine = SmallFile.text(paths.proc + "/meminfo")
        let total = machine.flatMap { Fields.value(of: "MemTotal", in: $0) }.map { $0 * 1024 }
        if let share = version2(paths.cgroup, total) ?? version1(paths.cgroup + "/memory", total) { return share }
        guard let machine, let total, total > 0, let available = Fields.value(of: "MemAvailable", in: machine) else {
            return nil
        }
        return min(1, max(0, 1 - available * 1024 / total))
    }

    /// The machine's root group has no such files.
    private static func version2(_ folder: String, _ total: Double?) -> Double? {
        guard let limit = SmallFile.text(folder + "/memory.max")?.split(whereSeparator: \.isWhitespace).first,
            let most = limit == "max" ? total : Double(limit),
            let current = Fields.number(folder + "/memory.current")
        else { return nil }
        return share(current, of: min(most, total ?? most), cache: "inactive_file", in: folder)
    }

    /// Where there is no limit, it is a number beyond every machine.
    private static func version1(_ folder: String, _ total: Double?) -> Double? {
        guard let limit = Fields.number(folder + "/memory.limit_in_bytes"), let total, limit < total,
            let current = Fields.number(folder + "/memory.usage_in_bytes")
        else { return nil }
        return share(current, of: limit, cache: "total_inactive_file", in: folder)
    }

    /// Cache that was not touched lately is given up before anything else is.
    private static func share(_ current: Double, of most: Double, cache key: String, in folder: String) -> Double? {
        guard most > 0 else { return nil }
        let stat = SmallFile.text(folder + "/memory.stat")
        let cache = stat.flatMap { Fields.value(of: key, in: $0) } ?? 0
        return min(1, max(0, current - cache) / most)
    }
}
