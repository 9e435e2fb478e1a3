/// What became of a batch that was offered to the server.
package enum SendOutcome: Hashable, Sendable {
    case delivered
    /// The server will never take it; sending it again would only hold up the others.
    case refused(reason: String)
    /// The server cannot take it now, or was not reached. It may have said how long to wait.
    case later(reason: String, retryAfterMs: Int64?)
}

/// Offers a batch to a server. Never throws: what happens is an outcome.
package protocol BatchSending: Sendable {
    func send(_ body: [UInt8]) async -> SendOutcome
}
