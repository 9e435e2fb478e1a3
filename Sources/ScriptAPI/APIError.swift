import ScriptProtocol

/// What an API function answers when it cannot answer: raised in the script, at the script's own line.
struct APIError: Error, Hashable {
    /// `.raised`, or `.blind` where a value was asked for that nobody knows.
    var kind: ScriptFailure.Kind
    var message: String

    static func wrong(_ message: String) -> APIError { APIError(kind: .raised, message: message) }
    static func blind(_ message: String) -> APIError { APIError(kind: .blind, message: message) }
}

/// Asks the host: `series`, `forecast`, and in tests `decide` and `simulate`.
typealias AskHost = (HostCall) throws(APIError) -> ScriptValue
