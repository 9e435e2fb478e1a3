import StateStore

/// Who makes a request.
struct Caller: Sendable, Equatable {
    /// As the audit names them.
    var name: String
    /// nil where tokens are off.
    var token: String?
    var scope: TokenScope

    /// Whoever reaches the server where tokens are off: someone on this machine.
    static let local = Caller(name: "local", token: nil, scope: .admin)
    static let nobody = Caller(name: "nobody", token: nil, scope: .agent)
}
