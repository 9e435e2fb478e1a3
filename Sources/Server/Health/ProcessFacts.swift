import Foundation

/// What Linux says of this process, under the names that every Prometheus client uses.
enum ProcessFacts {
    static func write(into text: inout MetricText) {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let tail = stat.split(separator: ")").last
        else { return }
        // Fields from the third (state) on; proc(5) numbers them from 1.
        let fields = tail.split(separator: " ")
        func field(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        if let user = field(14), let system = field(15), ticks > 0 {
            text.single(
                "process_cpu_seconds_total",
                .counter,
                "CPU time used, user and system.",
                (user + system) / ticks
            )
        }
        if let pages = field(24) {
            text.single(
                "process_resident_memory_bytes",
                .gauge,
                "Memory in use.",
                pages * Double(sysconf(Int32(_SC_PAGESIZE)))
            )
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            text.single("process_open_fds", .gauge, "Open file descriptors.", Double(descriptors))
        }
    }
}
