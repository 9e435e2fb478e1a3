import Foundation

/// Keeps a second process from opening the same store: what this one holds in memory would not know of the other's writes.
///
/// The lock is on a file of its own. Closing any descriptor of the database itself would release the locks that SQLite holds on it
/// (POSIX, `fcntl`). The system releases the lock when the process ends, however it ends, so a leftover file means nothing.
final class FileLock: Sendable {
    private let descriptor: Int32

    init(path: String, of name: String) throws(KPIStoreError) {
        let descriptor = path.withCString { Foundation.open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else {
            let code = errno
            throw KPIStoreError(
                code == EROFS || code == EACCES ? .readOnly : .cannotOpen,
                "its lock file cannot be created (\(String(cString: strerror(code))))",
                at: name,
                advice: "Check that the folder exists, and that Troupe's user may write there."
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw KPIStoreError(
                .locked,
                "another Troupe has this store open",
                at: name,
                advice: "Stop the other process, or name another data folder."
            )
        }
        self.descriptor = descriptor
    }

    deinit {
        // Closing would not do while a process that is just being started still has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
