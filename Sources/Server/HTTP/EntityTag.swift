import Crypto
import Foundation
import HTTPTypes

/// ETags: a digest of what is sent, so equal content has equal tags, also after a restart.
enum EntityTag {
    static func of(_ body: [UInt8]) -> String {
        let digest = SHA256.hash(data: body).prefix(16)
        return "\"" + digest.map { Self.hexadecimal($0) }.joined() + "\""
    }

    /// Whether a header `If-None-Match` or `If-Match` names the tag, or `*`.
    ///
    /// - Parameter isWeak: `W/"…"` counts as `"…"`: right for `If-None-Match`, wrong for `If-Match` (RFC 9110, 8.8.3.2).
    static func names(_ header: String, _ tag: String, isWeak: Bool) -> Bool {
        header.split(separator: ",")
            .contains { part in
                let text = part.trimmed
                if text == "*" { return true }
                if text.hasPrefix("W/") { return isWeak && text.dropFirst(2) == tag }
                return text == tag
            }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }
}

extension Call {
    /// Honours `If-Match` for a change: it is made only if what it changes still is what the caller saw.
    ///
    /// - Throws: 412.
    func requireMatch(_ current: Answer) throws(Problem) {
        guard let header = headers[.ifMatch] else { return }
        let tag = EntityTag.of(current.body)
        guard EntityTag.names(header, tag, isWeak: false) else {
            throw Problem(
                .preconditionFailed,
                "It is no longer what If-Match names (\(header.prefix(100))): its ETag is \(tag). Read it again, then decide.",
                headers: [.eTag: tag]
            )
        }
    }
}
