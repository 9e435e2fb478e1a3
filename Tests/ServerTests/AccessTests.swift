import Domain
import Foundation
import HTTPTypes
import StateStore
import TestSupport
import Testing

@testable import Server

/// Who may do what.
@Suite(.inTurn)
struct AccessTests {
    /// Each route is asked with a token of each scope and with none: it is refused exactly where its permission says so.
    @Test func theScopesMatrixHoldsForEveryRoute() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            for route in world.routes {
                let path = route.path.parts.reduce(into: "") { text, part in
                    switch part {
                    case .literal(let literal): text += "/" + literal
                    case .parameter: text += "/x"
                    }
                }
                let nobody = try await client.send(route.method, path, as: nil)
                #expect((nobody.status == 401) == (route.permission != nil), "\(route.operation)")
                for scope in TokenScope.allCases {
                    let reply = try await client.send(route.method, path, as: scope)
                    let isRefused = reply.status == 403 || reply.status == 401
                    let isGranted = route.permission?.isGranted(to: scope) ?? true
                    #expect(isRefused == !isGranted, "\(route.operation) as \(scope): \(reply.status)")
                    if isRefused, let permission = route.permission {
                        #expect(reply.isProblem(.forbidden))
                        #expect(reply["detail"]?.string?.contains(permission.leastScope.rawValue) == true)
                    }
                }
            }
        }
    }

    @Test func scopesAreWhatTheyAreSaidToBe() {
        func granted(_ scope: TokenScope) -> Set<Permission> {
            Set(Permission.allCases.filter { $0.isGranted(to: scope) })
        }
        #expect(granted(.agent) == [.sendKPIs, .readPlan])
        #expect(granted(.viewer) == [.readPlan, .read])
        #expect(granted(.operator) == [.sendKPIs, .readPlan, .read, .operate])
        #expect(granted(.admin) == Set(Permission.allCases))
        for permission in Permission.allCases { #expect(permission.isGranted(to: permission.leastScope)) }
    }

    @Test func badTokensAreChallenged() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let admin = world.tokens[.admin] ?? ""
            let changed = admin.dropLast() + (admin.last == "A" ? "E" : "A")
            let none = try await client.get("/v1/fleets", as: nil)
            #expect(none.isProblem(.unauthorized))
            #expect(none.header("WWW-Authenticate") == "Bearer realm=\"troupe\"")
            for header in [
                "Bearer", "Bearer ", "Basic YTpi", "Bearer nope", "Bearer \(TokenText().text)",
                "Bearer \(world.tokens[.admin] ?? "")x", "bearer \(changed)",
            ] {
                let reply = try await client.get("/v1/fleets", as: nil, headers: ["Authorization": header])
                #expect(reply.isProblem(.unauthorized), "\(header)")
                #expect(reply.header("WWW-Authenticate")?.contains("error=") == true)
            }
            let lower = try await client.get(
                "/v1/fleets",
                as: nil,
                headers: ["Authorization": "bearer \(world.tokens[.viewer] ?? "")"]
            )
            #expect(lower.status == 200)
        }
    }

    @Test func tokensAreCreatedShownOnceAndRevoked() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let created = try await client.json(
                .post,
                "/v1/tokens",
                "{\"name\":\"grafana\",\"scope\":\"viewer\",\"duration\":\"1h\"}"
            )
            #expect(created.status == 201)
            let text = try #require(created["text"]?.string)
            let id = try #require(created["token/id"]?.string)
            #expect(created.header("Location") == "/v1/tokens/\(id)")
            #expect(text.hasPrefix("trp_\(id)_"))
            let secret = String(text.dropFirst("trp_\(id)_".count))
            #expect(!(try await client.get("/v1/tokens").text.contains(secret)))
            let use = ["Authorization": "Bearer \(text)"]
            #expect(try await client.get("/v1/fleets", as: nil, headers: use).status == 200)
            #expect(try await client.get("/v1/tokens", as: nil, headers: use).isProblem(.forbidden))
            let again = try await client.json(.post, "/v1/tokens", "{\"name\":\"grafana\",\"scope\":\"admin\"}")
            #expect(again.isProblem(.conflict))
            #expect(try await client.send(.delete, "/v1/tokens/\(id)").status == 200)
            let revoked = try await client.get("/v1/fleets", as: nil, headers: use)
            #expect(revoked.isProblem(.unauthorized))
            #expect(revoked["detail"]?.string?.contains("revoked") == true)
            #expect(try await client.send(.delete, "/v1/tokens/nope").isProblem(.notFound))
            for body in [
                "{\"name\":\"A b\",\"scope\":\"viewer\"}", "{\"name\":\"a\",\"scope\":\"root\"}", "{\"name\":\"a\"}",
            ] {
                #expect(try await client.json(.post, "/v1/tokens", body).isProblem(.badRequest), "\(body)")
            }
        }
        // Neither the file nor its log holds a secret.
        for name in ["state.db", "state.db-wal"] {
            let bytes = FileManager.default.contents(atPath: world.folder.file(name)) ?? Data()
            for token in world.tokens.values {
                let secret = try #require(TokenText(token)).secret
                #expect(bytes.range(of: Data(secret.utf8)) == nil)
            }
        }
    }

    @Test func tokensExpire() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let created = try await client.json(
                .post,
                "/v1/tokens",
                "{\"name\":\"short\",\"scope\":\"viewer\",\"duration\":\"1h\"}"
            )
            let use = ["Authorization": "Bearer \(created["text"]?.string ?? "")"]
            world.time.advance(by: .minutes(59))
            #expect(try await client.get("/v1/fleets", as: nil, headers: use).status == 200)
            world.time.advance(by: .minutes(1))
            let expired = try await client.get("/v1/fleets", as: nil, headers: use)
            #expect(expired["detail"]?.string?.contains("expired") == true)
            // The name is free again.
            #expect(
                try await client.json(.post, "/v1/tokens", "{\"name\":\"short\",\"scope\":\"viewer\"}").status == 201
            )
        }
    }

    @Test func theLastUseIsKept() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            _ = try await client.get("/v1/fleets", as: .viewer)
            let list = try await client.get("/v1/tokens")
            let viewer = (list["tokens"]?.array ?? []).first { $0["scope"]?.string == "viewer" }
            #expect(viewer?["last_used_at"]?.string == world.time.now.description)
        }
        try world.server.gateway.authenticator.tokens?.flushUses()
        #expect(try world.state.tokens().contains { $0.scope == .viewer && $0.lastUsedAt == world.time.now })
    }

    @Test func guessingIsSlowedAndOthersAreNot() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let known = try #require(TokenText(world.tokens[.admin] ?? ""))
            let guess = ["Authorization": "Bearer trp_\(known.id)_" + String(repeating: "A", count: 43)]
            for _ in 0..<10 {
                #expect(try await client.get("/v1/fleets", as: nil, headers: guess).status == 401)
            }
            let slowed = try await client.get("/v1/fleets", as: nil, headers: guess)
            #expect(slowed.isProblem(.tooManyRequests))
            #expect((slowed.header("Retry-After").flatMap { Int($0) } ?? 0) > 0)
            // Whoever holds another token at the same address does not notice.
            #expect(try await client.get("/v1/fleets", as: .viewer).status == 200)
            world.time.advance(by: .seconds(60))
            #expect(try await client.get("/v1/fleets", as: .admin).status == 200)
        }
    }

    @Test func withoutTokensOnlyThisMachineIsServed() async throws {
        let world = try ServerWorld(ServerConfiguration(port: 0, requiresTokens: false))
        try await world.testLive { (client) async throws in
            #expect(try await client.get("/v1/tokens", as: nil, headers: ["Host": "localhost:8470"]).status == 200)
            let rebound = try await client.get("/v1/tokens", as: nil, headers: ["Host": "evil.example:8470"])
            #expect(rebound.isProblem(.forbidden))
        }
    }

    @Test func whatWouldExposeAFleetIsRefused() throws {
        func error(_ configuration: ServerConfiguration) -> ServerError.Code? {
            do throws(ServerError) {
                try configuration.check()
                return nil
            } catch {
                return error.code
            }
        }
        for host in ["127.0.0.1", "127.1.2.3", "::1", "localhost"] {
            #expect(error(ServerConfiguration(host: host, requiresTokens: false)) == nil)
        }
        for host in ["0.0.0.0", "::", "10.0.0.1", "troupe.example", "127.0.0.1.evil.example"] {
            #expect(error(ServerConfiguration(host: host)) == .exposed)
            #expect(error(ServerConfiguration(host: host, allowsPlaintext: true)) == nil)
            #expect(error(ServerConfiguration(host: host, requiresTokens: false, allowsPlaintext: true)) == .exposed)
        }
        #expect(error(ServerConfiguration(port: 70_000)) == .invalid)
        #expect(throws: ServerError.self) {
            try ServerWorld(ServerConfiguration(tls: .init(certificate: "/nope.pem", key: "/nope.key")))
        }
    }

    @Test func theFirstTokenIsWrittenOnceForItsOwnerOnly() throws {
        let folder = try TemporaryFolder()
        let store = try StateStore(path: folder.file("state.db"))
        let now = FakeControlPlane.start
        let path = try FirstToken.ensure(in: folder.path, store: store, now: now)
        let first = try String(contentsOfFile: path, encoding: .utf8)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try FirstToken.ensure(in: folder.path, store: store, now: now)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
        #expect(try store.tokens().count == 1)
        try FileManager.default.removeItem(atPath: path)
        try FirstToken.ensure(in: folder.path, store: store, now: now)
        #expect(try String(contentsOfFile: path, encoding: .utf8) != first)
        #expect(try store.tokens().map { $0.isValid(at: now) } == [false, true])
        #expect(throws: ServerError.self) {
            try FirstToken.ensure(in: "/nope/nope", store: StateStore.inMemory(), now: now)
        }
    }
}
