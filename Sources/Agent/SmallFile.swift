import Glibc

/// Reads files as the kernel makes them up (`/proc`, cgroups) and small ones like a token: whole, into memory, bounded.
enum SmallFile {
    /// Enough for `/proc/stat` of a machine with hundreds of processors.
    static let mostBytes = 1 << 20

    /// The file's bytes, or nil where it cannot be opened or read, or is larger than `mostBytes`.
    static func bytes(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        // Such files say nothing of their size, so they are read until they end.
        var bytes = [UInt8](repeating: 0, count: 4096)
        var count = 0
        while true {
            if count == bytes.count {
                guard count < mostBytes else { return nil }
                bytes.append(contentsOf: repeatElement(0, count: count))
            }
            let got = bytes.withUnsafeMutableBytes { buffer in
                read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return nil }
            if got == 0 { break }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    static func text(_ path: String) -> String? {
        bytes(path).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// What the last system call says went wrong.
    static func lastError() -> String {
        strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    }
}
