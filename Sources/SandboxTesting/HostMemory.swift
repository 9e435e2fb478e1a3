import Glibc

/// The memory of this process.
enum HostMemory {
    private typealias Trim = @convention(c) (Int) -> Int32
    /// Swift's Glibc does not know it.
    private static let trim = dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: Trim.self) }

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
