/// How much of the allocated memory is in use.
enum MemorySampler {
    static func sample(_ paths: SystemPaths) -> Double? {
        let machine = SmallFile.text(paths.proc + "/meminfo")
        let total = machine.flatMap { Fields.value(of: "MemTotal", in: $0) }.map { $0 * 1024 }
        if let limit = SmallFile.text(paths.cgroup + "/memory.max")?.split(whereSeparator: \.isWhitespace).first,
            let current = number(paths.cgroup + "/memory.current"), let most = limit == "max" ? total : Double(limit),
            most > 0
        {
            // Cache that was not touched lately is given up before anything else is.
            let stat = SmallFile.text(paths.cgroup + "/memory.stat")
            let cache = stat.flatMap { Fields.value(of: "inactive_file", in: $0) } ?? 0
            return min(1, max(0, current - cache) / most)
        }
        guard let machine, let total, total > 0, let available = Fields.value(of: "MemAvailable", in: machine) else {
            return nil
        }
        return min(1, max(0, 1 - available * 1024 / total))
    }

    private static func number(_ path: String) -> Double? {
        SmallFile.text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }
}
