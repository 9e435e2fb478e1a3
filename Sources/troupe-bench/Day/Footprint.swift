import Foundation

/// What this process holds at one moment.
struct Footprint {
    var descriptors: Int
    /// Processes that it has started and that are there.
    var children: Int
    /// Those that have ended, and of which it has taken no leave.
    var zombies: Int
    var threads: Int
    /// Bytes that were asked for and not given back.
    var memory: Int
    /// Of these, pages of databases that SQLite keeps at hand: they come to their limit in the course of days.
    var pages: Int

    init() {
        let children = ProcessTable.children(of: getpid())
        descriptors = Self.count("/proc/self/fd")
        zombies = children.count { ProcessTable.state(of: $0) == "Z" }
        self.children = children.count - zombies
        threads = Self.count("/proc/self/task")
        memory = Self.allocated
        pages = Self.databasePages
    }

    /// Looks until nothing is under way any more: the same three times in a row, or after some seconds as it is then.
    ///
    /// - Parameter processes: how many there will be again, where some were killed and wait before they are started anew.
    static func settled(processes: Int = 0) async throws -> Footprint {
        var last = Footprint()
        var same = 0
        for _ in 0..<200 where same < 3 {
            try await Task.sleep(for: .milliseconds(100))
            let next = Footprint()
            let isSame =
                (next.descriptors, next.children, next.zombies, next.threads)
                == (last.descriptors, last.children, last.zombies, last.threads) && next.zombies == 0
                && next.children >= processes
            same = isSame ? same + 1 : 0
            last = next
        }
        return last
    }

    private static func count(_ folder: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }

    /// What is asked for and not given back, as the C library counts it: what it keeps for later is no leak. Its header is not among those
    /// that Swift knows.
    private static var allocated: Int {
        typealias Info = @convention(c) (Int32, OpaquePointer?) -> Int32
        guard let symbol = dlsym(nil, "malloc_info"), let file = tmpfile() else { return 0 }
        defer { fclose(file) }
        _ = unsafeBitCast(symbol, to: Info.self)(0, OpaquePointer(file))
        rewind(file)
        var text = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&text, 1, text.count, file)
        // Of all arenas together, which come after the last one.
        let totals = String(decoding: text.prefix(count), as: UTF8.self).components(separatedBy: "</heap>").last ?? ""
        func size(_ name: String) -> Int {
            guard let line = totals.split(separator: "\n").first(where: { $0.contains("type=\"\(name)\"") }),
                let size = line.components(separatedBy: " size=\"").last?.prefix(while: \.isNumber)
            else { return 0 }
            return Int(size) ?? 0
        }
        return size("current") + size("mmap") - size("fast") - size("rest")
    }

    private static var databasePages: Int {
        guard let symbol = dlsym(nil, "sqlite3_memory_used") else { return 0 }
        typealias Used = @convention(c) () -> Int64
        return Int(unsafeBitCast(symbol, to: Used.self)())
    }
}
