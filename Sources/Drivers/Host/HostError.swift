import ScriptProtocol

/// Why a call of the host failed: raised in the script at the line that called, and remembered for what becomes of the whole call.
struct HostError: Error, Hashable {
    enum Kind: Hashable {
        /// The world did not answer: worth trying again.
        case unavailable
        /// The driver asked for what makes no sense.
        case misuse
        /// The driver reached for what its `needs` do not declare.
        case violation
        /// The driver changes something where nothing may change.
        case effect
    }

    var kind: Kind
    var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    static func misuse(_ message: String) -> HostError { HostError(.misuse, message) }
    static func unavailable(_ message: String) -> HostError { HostError(.unavailable, message) }
    static func effect(_ message: String) -> HostError { HostError(.effect, message) }
    static func violation(_ message: String) -> HostError { HostError(.violation, message) }
}
