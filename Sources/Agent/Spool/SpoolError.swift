/// Why the spool cannot do what is asked, with the path.
package struct SpoolError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var message: String

    package var description: String { "\(path): \(message)" }

    /// The system call that just failed.
    static func system(_ path: String, _ what: String) -> SpoolError {
        SpoolError(path: path, message: "cannot \(what): \(SmallFile.lastError())")
    }
}
