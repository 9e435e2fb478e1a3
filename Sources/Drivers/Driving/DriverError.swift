/// Why a driver did not do what it was asked.
package struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// It cannot be reached, or did not answer: worth trying again.
        case unavailable
        /// It understood and said no: credentials, a target that is not there.
        case refused
        /// The operator has not granted what it needs; nothing was called.
        case notGranted = "not_granted"
        /// There is no such resource.
        case notFound = "not_found"
        /// It answered nonsense.
        case broken
    }

    package var kind: Kind
    /// Whose driver: its name.
    package var driver: String
    /// What happened and what to do, a full sentence or two.
    package var message: String

    /// Without the last full stop: whoever says it goes on with the sentence.
    package var description: String {
        "driver \(driver): \(message.hasSuffix(".") ? String(message.dropLast()) : message)"
    }

    package init(_ kind: Kind, driver: String, _ message: String) {
        self.kind = kind
        self.driver = driver
        self.message = message
    }
}
