/// What went wrong with a database: what it means, what happened, where, and what to do.
///
/// Each store says it on in its own error, whose codes include these.
package struct SQLiteFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable, CaseIterable {
        /// The file is not a database, or its bytes contradict each other.
        case corrupt
        /// The file belongs to another program, or to another store.
        case foreign
        /// A newer Troupe wrote the file.
        case newer
        case diskFull
        case readOnly
        /// Another process holds the database for too long.
        case locked
        case cannotOpen
        /// What is stored already says otherwise.
        case conflict
        /// The disk or the system failed a read or a write.
        case io
    }

    package let code: Code
    /// What happened, one clause.
    package let what: String
    /// The file.
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
