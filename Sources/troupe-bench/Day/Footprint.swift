import Foundation

/// What this process holds at one moment.
struct Footprint {
    var descriptors: Int
    /// Processes that it has started and that are there.
    var children: Int
    /// Those that have ended, and of which it has taken no leave.
    var zombies: Int
    var threads: Int
    /// Bytes of its own, without what was read from files, once all that is free was given back.
    var memory: Int
    /// Of these, pages of databases that SQLite keeps at hand: they come to their limit in the course of days.
    var pages: Int

    init() {
        let children = ProcessTable.children(of: getpid())
        descriptors = Self.count("/proc/self/fd")
        zombies = children.count { ProcessTable.state(of: $0) == "Z" }
        self.children = children.count - zombies
        threads = Self.count("/proc/self/task")
        Self.trim()
        memory = Self.anonymous
        pages = Self.databasePages
    }

    /// Looks until nothing is under way any more: the same three times in a row, or after some seconds as it is then.
    static func settled() async throws -> Footprint {
        var last = Footprint()
        var same = 0
        for _ in 0..<200 where same < 3 {
            try await Task.sleep(for: .milliseconds(100))
            let next = Footprint()
            let isSame =
                (next.descriptors, next.children, next.zombies, next.threads)
                == (last.descriptors, last.children, last.zombies, last.threads) && next.zombies == 0
            same = isSame ? same + 1 : 0
            last = next
        }
        return last
    }

    private static func count(_ folder: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }

    private static var anonymous: Int {
        let line = ProcessTable.text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    private static var databasePages: Int {
        guard let symbol = dlsym(nil, "sqlite3_memory_used") else { return 0 }
        typealias Used = @convention(c) () -> Int64
        return Int(unsafeBitCast(symbol, to: Used.self)())
    }

    /// The C library keeps what was freed. Its header is not among those that Swift knows.
    private static func trim() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        typealias Trim = @convention(c) (Int) -> Int32
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
