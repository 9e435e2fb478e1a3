import Foundation
import NIOHTTP1

/// Why a server did not do what it was asked: its problem details, or what can be told from a status alone.
struct APIError: Error {
    let status: Int
    let lines: [String]
    /// Each thing that was wrong, as the server lists them.
    let findings: [Finding]

    struct Finding: Decodable, Equatable {
        let place: String
        let message: String
        let suggestion: String?

        var line: String {
            let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
            return "\(place): \(message)\(hint)"
        }
    }

    /// Problem details (RFC 9457) with Troupe's own members.
    private struct Document: Decodable {
        let title: String
        let detail: String?
        let requestId: String?
        let errors: [Finding]?
    }

    init(_ reply: APIReply, _ place: ServerPlace) {
        status = reply.status
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let type = reply.headers.first(name: "Content-Type") ?? ""
        let document =
            type.hasPrefix("application/problem+json")
            ? try? decoder.decode(Document.self, from: Data(reply.bytes)) : nil
        findings = document?.errors ?? []
        guard let document else {
            lines = [Self.foreign(reply, place)]
            return
        }
        var text = document.detail ?? document.title
        if let more = Self.advice(reply, place) { text += " " + more }
        if let id = document.requestId { text += " [\(reply.status), request \(id)]" }
        // Diagnostics first, as compilers print them; what they come to last.
        lines = findings.map(\.line) + [text]
    }

    /// An answer that no Troupe gives.
    private static func foreign(_ reply: APIReply, _ place: ServerPlace) -> String {
        if (300..<400).contains(reply.status), let target = reply.headers.first(name: "Location") {
            return
                "\(place.url) sends us on to \(target.prefix(200)): name the address at which the server itself answers"
        }
        let wait = reply.headers.first(name: "Retry-After").map { "; it asks to try again in \($0) s" } ?? ""
        return """
            \(place.url) answered \(reply.status)\(wait), but not as Troupe does: is it the right address, and does a proxy before it \
            let us through? The answer begins: \(reply.start)
            """
    }

    /// What the caller can do about it, beyond what the server says.
    private static func advice(_ reply: APIReply, _ place: ServerPlace) -> String? {
        switch reply.status {
        case 401:
            guard let source = place.tokenSource else {
                return "No token was sent: name a file that holds one with --token-file, or put it into TROUPE_TOKEN."
            }
            return "The token that was sent is that of \(source)."
        case 403:
            return place.tokenSource.map { "The token that was sent is that of \($0)." }
        case 412: return "Look at it again, then decide again."
        case 429, 503:
            return reply.headers.first(name: "Retry-After").map { "Try again in \($0) s." }
        default: return nil
        }
    }
}
