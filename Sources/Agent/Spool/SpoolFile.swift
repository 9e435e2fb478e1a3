import Glibc

/// An open file of the spool. Closes itself.
struct SpoolFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(_ path: String, flags: Int32) throws(SpoolError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(path, "open") }
    }

    deinit {
        close(descriptor)
    }

    func size() throws(SpoolError) -> Int {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw .system(path, "find the size") }
        return Int(size)
    }

    /// All of `bytes`, or an error and the file as long as before.
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else {
                let error = SpoolError.system(path, "write")
                ftruncate(descriptor, off_t(offset))
                throw error
            }
            done += wrote
        }
    }

    /// What is there of `count` bytes.
    func read(_ count: Int, at offset: Int) throws(SpoolError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(path, "read") }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    func truncate(to size: Int) throws(SpoolError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system(path, "shorten") }
    }

    func synchronize() throws(SpoolError) {
        guard fdatasync(descriptor) == 0 else { throw .system(path, "flush") }
    }

    /// Whether this process now has the file to itself, until it closes it or ends.
    ///
    /// Tried for a fifth of a second: one that is just ending, or starting a program of its own, still holds what it gives up.
    func lock() -> Bool {
        for _ in 0..<40 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK || errno == EINTR else { return false }
            usleep(5000)
        }
        return false
    }
}
