import Domain
import HTTPTypes
import StateStore

/// Decides who makes a request, and whether they may.
struct Authenticator: Sendable {
    /// nil where tokens are off.
    let tokens: TokenDirectory?
    let limiter = AttemptLimiter()

    /// - Throws: 401 without a valid token, 429 after too many wrong ones, 403 for a scope that is too small.
    func caller(
        _ head: HTTPRequest,
        for permission: Permission,
        from client: String,
        at now: Timestamp
    ) throws(Problem) -> Caller {
        let caller = try authenticate(head, from: client, at: now)
        guard permission.isGranted(to: caller.scope) else {
            throw Problem(
                .forbidden,
                "This needs a token of scope \(permission.leastScope.rawValue) or above; \"\(caller.name)\" has scope "
                    + "\(caller.scope.rawValue)."
            )
        }
        return caller
    }

    private func authenticate(
        _ head: HTTPRequest,
        from client: String,
        at now: Timestamp
    ) throws(Problem) -> Caller {
        guard let tokens else {
            try checkHost(head)
            return .local
        }
        guard let header = head.headerFields[.authorization] else {
            throw unauthorized("Send a token: \"Authorization: Bearer trp_…\".", error: nil)
        }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", let text = TokenText(parts[1]) else {
            throw unauthorized("The Authorization header is not \"Bearer trp_…\".", error: "invalid_request")
        }
        let known = tokens.token(text.id)
        // An id that does not exist guards nothing; such attempts share one account per address.
        let key = known == nil ? client : client + " " + text.id
        if let delay = limiter.delay(of: key, at: now) {
            let seconds = max(1, (delay.milliseconds + 999) / 1000)
            throw Problem(
                .tooManyRequests,
                "Too many wrong tokens from here; try again in \(seconds) s.",
                headers: [.retryAfter: String(seconds)]
            )
        }
        // The digest is computed and compared for unknown ids too, so that time does not tell them apart.
        let isRight = (known?.digest ?? Self.noDigest).equalsInConstantTime(text.digest)
        guard let token = known, isRight else {
            limiter.noteFailure(of: key, at: now)
            throw unauthorized("The token is not known.", error: "invalid_token")
        }
        guard token.isValid(at: now) else {
            let why = token.revokedAt == nil ? "has expired" : "was revoked"
            throw unauthorized("The token \"\(token.name)\" \(why).", error: "invalid_token")
        }
        return Caller(name: token.name, token: token.id, scope: token.scope)
    }

    private static let noDigest = [UInt8](repeating: 0, count: 32)

    private func unauthorized(_ detail: String, error: String?) -> Problem {
        let challenge = "Bearer realm=\"troupe\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return Problem(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }

    /// Without tokens, only what names this machine is served: else any web page could have its own name resolve to 127.0.0.1 and
    /// speak to us through the browser of whoever looks at it.
    private func checkHost(_ head: HTTPRequest) throws(Problem) {
        // NIO makes the first Host header the authority; a second one stays a field.
        let fields = HTTPField.Name("Host").map { head.headerFields[values: $0] } ?? []
        for host in fields + [head.authority].compactMap(\.self) where !LoopbackName.isLoopback(authority: host) {
            throw Problem(
                .forbidden,
                "Without tokens only requests to localhost are served; this one names \"\(host.prefix(100))\"."
            )
        }
    }
}
