import Glibc

/// Why the spool cannot do what is asked, with the path.
package struct SpoolError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var message: String
    /// What the system call said, 0 where it was none.
    var code: Int32 = 0

    package var description: String { "\(path): \(message)" }

    /// Whether room on the disk would help.
    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    /// The system call that just failed.
    static func system(_ path: String, _ what: String) -> SpoolError {
        let code = errno
        return SpoolError(path: path, message: "cannot \(what): \(SmallFile.lastError())", code: code)
    }
}
