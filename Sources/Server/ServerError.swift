/// Why a server did not start: what, and what to do.
package struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// It would be open to others without protection.
        case exposed
        case invalid
        /// Certificate or key cannot be used.
        case tls
        /// The port cannot be had.
        case bind
        /// The store failed.
        case store
        /// The first token cannot be written.
        case token
    }

    package let code: Code
    package let what: String
    package let advice: String

    package init(_ code: Code, _ what: String, advice: String) {
        self.code = code
        self.what = what
        self.advice = advice
    }

    package var description: String { "The server does not start: \(what). \(advice)" }
}
