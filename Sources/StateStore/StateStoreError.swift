/// What went wrong in the state store: what happened, where, and what to do.
package struct StateStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is not a database, or its bytes contradict each other.
        case corrupt
        /// The file belongs to another program, or to another store.
        case foreign
        /// A newer Troupe wrote the file.
        case newer
        case diskFull = "disk_full"
        case readOnly = "read_only"
        /// Another process holds the database for too long.
        case locked
        case cannotOpen = "cannot_open"
        /// What is stored already says otherwise: a second decision for a fleet and instant.
        case conflict
        case notFound = "not_found"
        /// What was asked to be stored is against the rules: a state beyond 16 KiB, an end before the start.
        case invalid
        /// The disk or the system failed a read or a write.
        case io
    }

    package let code: Code
    /// What happened, one clause.
    package let what: String
    /// The file, and where it is known the part of it.
    package let location: String
    /// What to do about it, one sentence.
    package let advice: String

    package init(_ code: Code, _ what: String, at location: String, advice: String) {
        self.code = code
        self.what = what
        self.location = location
        self.advice = advice
    }

    package var description: String { "\(location): \(what). \(advice)" }
}
