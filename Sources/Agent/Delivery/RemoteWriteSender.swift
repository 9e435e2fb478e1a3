import NIOHTTP1

/// Posts batches to a remote-write endpoint.
package struct RemoteWriteSender: BatchSending {
    private let client: HTTPClient
    private let token: BearerToken

    package init(client: HTTPClient, token: BearerToken) {
        self.client = client
        self.token = token
    }

    package func send(_ body: [UInt8]) async -> SendOutcome {
        var headers = [
            ("Content-Type", "application/x-protobuf"),
            ("Content-Encoding", "snappy"),
            ("X-Prometheus-Remote-Write-Version", "0.1.0"),
        ]
        do {
            if let token = try token.header() { headers.append(token) }
            let query = HTTPQuery(.POST, "/api/v1/write", headers: headers, body: body)
            return Self.outcome(of: try await client.send(query, timeoutMs: 30_000, mostBytes: 64 << 10))
        } catch {
            return .later(reason: "\(error)", retryAfterMs: nil)
        }
    }

    /// Only an answer that speaks of this very batch drops it: malformed, in conflict, too large, not to be processed.
    ///
    /// The remote-write specification lets go of a batch at every 4xx but 429. An agent is more patient: a token that was replaced (401, 403)
    /// or a wrong turn in a proxy (404, 405, 3xx) would refuse one batch after the other and empty the spool, and is put right by someone
    /// sooner or later.
    private static func outcome(of answer: HTTPAnswer) -> SendOutcome {
        let reason = "HTTP \(answer.status)" + (answer.body.isEmpty ? "" : ": \(answer.excerpt)")
        switch answer.status {
        case 200..<300: return .delivered
        case 400, 409, 413, 422: return .refused(reason: reason)
        default: return .later(reason: reason, retryAfterMs: answer.retryAfterMs)
        }
    }
}
