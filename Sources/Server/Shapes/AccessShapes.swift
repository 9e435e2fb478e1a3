import Domain
import StateStore

extension Shape where Value == StoredToken {
    static var token: Shape {
        .object(
            "Token",
            "A token, without its secret.",
            [
                .member("id", .string) { $0.id },
                .member("name", .string) { $0.name },
                .member("scope", .choice(TokenScope.allCases.map(\.rawValue))) { $0.scope.rawValue },
                .member("created_at", .instant) { $0.createdAt },
                .member("created_by", .string) { $0.createdBy },
                .member("expires_at", Shape<Timestamp>.instant.orNull) { $0.expiresAt },
                .member("revoked_at", Shape<Timestamp>.instant.orNull) { $0.revokedAt },
                .member("revoked_by", Shape<String>.string.orNull) { $0.revokedBy },
                .member("last_used_at", Shape<Timestamp>.instant.orNull, "To the minute.") { $0.lastUsedAt },
            ]
        )
    }
}

/// A token at the only moment at which its secret is known.
struct NewToken: Sendable {
    var stored: StoredToken
    var text: String
}

extension Shape where Value == NewToken {
    static var newToken: Shape {
        .object(
            "NewToken",
            "A token that was created just now. Its text is shown this once.",
            [
                .member("text", .string, "What to send as `Authorization: Bearer …`. It cannot be shown again.") {
                    $0.text
                },
                .member("token", .token) { $0.stored },
            ]
        )
    }
}

extension Shape where Value == AuditEntry {
    static var auditEntry: Shape {
        .object(
            "AuditEntry",
            "A change that someone asked for.",
            [
                .member("id", .integer) { $0.id },
                .member("at", .instant) { $0.at },
                .member("actor", .string, "Name of the token, or of the user of the server's machine.") { $0.actor },
                .member("token", Shape<String>.string.orNull, "Id of the token; null where it was done past the API.") {
                    $0.token
                },
                .member("action", .string) { $0.action },
                .member("subject", .string) { $0.subject },
                .member("detail", .string) { $0.detail },
                .member("request_id", .string) { $0.request },
                .member("client", .string, "Address that it came from, or `this machine`.") { $0.client },
                .member("outcome", .string, "`done`, `refused: …`; `pending` where it was cut off.") { $0.outcome },
            ]
        )
    }
}
