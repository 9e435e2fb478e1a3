import Domain
import HTTPTypes
import StateStore

/// Tokens: who may use this API.
struct TokenRoutes {
    let services: RouteServices
    let tokens: TokenDirectory

    var routes: [Route] { [list, create, revoke] }

    private var list: Route {
        let tokens = tokens
        let shape = Shape<[StoredToken]>
            .list(
                "TokenList",
                "tokens",
                "All tokens, expired and revoked ones too, in the order of creation.",
                of: .token
            )
        return Route(
            method: .get,
            path: "/v1/tokens",
            permission: .administer,
            operation: "listTokens",
            summary: "List tokens",
            tag: "tokens",
            success: .json(shape, "The tokens."),
            hasETag: true
        ) { _ in .json(shape, tokens.all()) }
    }

    private var create: Route {
        let tokens = tokens
        let blocking = services.blocking
        let body = Schema(
            .named(
                "TokenRequest",
                .object(
                    .required("name", .string(.word), "Who or what will hold it; free among the valid tokens."),
                    .required("scope", .string(.choice(TokenScope.allCases.map(\.rawValue)))),
                    .optional("duration", .duration, "How long it is valid; without it, until it is revoked.")
                )
            )
        )
        return Route(
            method: .post,
            path: "/v1/tokens",
            permission: .administer,
            operation: "createToken",
            summary: "Create a token; its text is shown this once",
            tag: "tokens",
            body: .json(body),
            success: .json(Shape<NewToken>.newToken, "The token.", status: .created).located,
            problems: [.conflict, .unavailable],
            action: "create token"
        ) { call in
            let text = TokenText()
            let duration = call["duration"]?.string.flatMap { try? Quantity.span($0) }
            let token = StoredToken(
                id: text.id,
                name: call["name"]?.string ?? "",
                scope: call["scope"]?.string.flatMap(TokenScope.init(rawValue:)) ?? .agent,
                digest: text.digest,
                createdAt: call.now,
                createdBy: call.caller.name,
                expiresAt: duration.map { call.now + $0 }
            )
            call.notes.note(
                "\(token.name) (\(token.id)), scope \(token.scope.rawValue)" + (duration.map { ", for \($0)" } ?? "")
            )
            try await blocking.run { try tokens.add(token) }
            return .json(
                .newToken,
                NewToken(stored: token, text: text.text),
                status: .created,
                headers: [.location: "/v1/tokens/" + token.id]
            )
        }
    }

    private var revoke: Route {
        let tokens = tokens
        let blocking = services.blocking
        return Route(
            method: .delete,
            path: "/v1/tokens/{id}",
            permission: .administer,
            operation: "revokeToken",
            summary: "Revoke a token, at once",
            tag: "tokens",
            success: .json(Shape<StoredToken>.token, "The token."),
            problems: [.notFound, .unavailable],
            action: "revoke token"
        ) { call in
            let id = call.parameter()
            let token = try await blocking.run { try tokens.revoke(id, at: call.now, by: call.caller.name) }
            call.notes.note("\(token.name), scope \(token.scope.rawValue)")
            return .json(.token, token)
        }
    }
}

extension Route.Success {
    /// With the `Location` of what was created.
    var located: Route.Success {
        var copy = self
        copy.hasLocation = true
        return copy
    }
}
