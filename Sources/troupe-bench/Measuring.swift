import Foundation
import Synchronization

/// Times, and how they are written.
enum Figure {
    static func timed<T>(_ body: () throws -> T) rethrows -> (T, Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try body()
        let components = (clock.now - start).components
        return (result, Double(components.seconds) + Double(components.attoseconds) * 1e-18)
    }

    static func decimals(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    /// With the unit that suits.
    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<1e-6: decimals(value * 1e9, 1) + " ns"
        case ..<1e-3: decimals(value * 1e6, 1) + " us"
        case ..<1: decimals(value * 1e3, 1) + " ms"
        default: decimals(value, 2) + " s"
        }
    }
}

/// Processor seconds of this process, all threads, kernel included.
enum ProcessTime {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Of this process and of those that it has started: its workers.
    static var withChildren: Double {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var ended = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &ended)
        var sum = now
        for time in [ended.ru_utime, ended.ru_stime] { sum += Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        for child in ProcessTable.children(of: getpid()) {
            // Fields 14 and 15, counted from the one after the name as 3.
            sum += ProcessTable.fields(of: child).dropFirst(11).prefix(2).reduce(0) { $0 + (Double($1) ?? 0) } / ticks
        }
        return sum
    }

    /// The machine's load, as the system writes it.
    static var load: String {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").first.map(String.init) ?? "unknown"
    }
}

/// Plain threads: the store's calls block, which the cooperative pool must not.
struct WorkerThreads {
    private let group = DispatchGroup()

    init(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        for _ in 0..<count {
            group.enter()
            let thread = Thread { [group] in
                body()
                group.leave()
            }
            thread.start()
        }
    }

    func wait() { group.wait() }
}

/// A folder that is removed with its last reference, unless it was named by the caller.
final class ScratchFolder {
    let path: String
    private let isOurs: Bool

    init(_ named: String?) throws {
        isOurs = named == nil
        path = named ?? NSTemporaryDirectory() + "troupe-bench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        if isOurs { try? FileManager.default.removeItem(atPath: path) }
    }

    func file(_ name: String) -> String { path + "/" + name }
}

/// Memory of this process.
enum ProcessMemory {
    /// Bytes in main memory, 0 where the system does not say.
    static var resident: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }
}
