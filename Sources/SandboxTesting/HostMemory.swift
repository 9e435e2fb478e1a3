import Glibc

/// The memory of this process. Swift's Glibc does not know the allocator's own functions, so that they are looked up.
enum HostMemory {
    private typealias Trim = @convention(c) (Int) -> Int32
    private typealias Option = @convention(c) (Int32, Int32) -> Int32

    private static let trim = dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: Trim.self) }

    /// From here on all threads share what memory there is: which of several arenas a block lands in is chance, and looks like growth.
    static func keepInOnePlace() {
        let arenaMaximum: Int32 = -8
        guard let option = dlsym(nil, "mallopt").map({ unsafeBitCast($0, to: Option.self) }) else { return }
        _ = option(arenaMaximum, 1)
    }

    /// What is resident after freed memory has been handed back: what is held, not what the allocator keeps for later.
    static func residentBytes() -> Int64 {
        _ = trim?(0)
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int64(fields[1]) ?? 0) * Int64(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
