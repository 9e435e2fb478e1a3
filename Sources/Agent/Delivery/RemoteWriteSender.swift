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

    /// By the remote-write specification: 5xx and 429 are tried again, every other 4xx is not. What is neither comes from something between
    /// agent and server, such as a proxy that redirects, and says nothing about the batch.
    private static func outcome(of answer: HTTPAnswer) -> SendOutcome {
        let reason = "HTTP \(answer.status)" + (answer.body.isEmpty ? "" : ": \(answer.excerpt)")
        switch answer.status {
        case 200..<300: return .delivered
        case 429, 503: return .later(reason: reason, retryAfterMs: answer.retryAfterMs)
        case 400..<500: return .refused(reason: reason)
        default: return .later(reason: reason, retryAfterMs: nil)
        }
    }
}
