import Control
import Domain
import HTTPTypes
import StateStore
import TestSupport
import Testing

@testable import Server

/// Actions, pauses and the log through the API.
@Suite(.inTurn)
struct OperatorTests {
    @Test func actionsAreListedApprovedAndRejected() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let all = try await client.get("/v1/actions?limit=2")
                #expect(all["actions"]?.array?.count == 2)
                #expect(all["actions/0/id"]?.integer == 3)
                let rest = try await client.get("/v1/actions?limit=2&cursor=\(try #require(all["next"]?.string))")
                #expect(rest["actions"]?.array?.count == 1)
                #expect(try await client.get("/v1/actions?state=awaiting")["actions"]?.array?.count == 2)
                #expect(try await client.get("/v1/actions?state=waiting").isProblem(.badRequest))
                #expect(try await client.get("/v1/actions?fleet=nope").isProblem(.notFound))
                let yes = try await client.json(.post, "/v1/actions/2/approve", "{\"reason\":\"go\"}", as: .operator)
                #expect(yes["state"]?.string == "planned")
                #expect(yes["decided_by"]?.string == "test-operator")
                #expect(try await client.json(.post, "/v1/actions/2/approve", "{}", as: .operator).isProblem(.conflict))
                #expect(
                    try await client.json(.post, "/v1/actions/3/reject", "{}", as: .operator)["state"]?.string
                        == "rejected"
                )
                #expect(try await client.json(.post, "/v1/actions/9/reject", "{}", as: .operator).isProblem(.notFound))
                #expect(
                    try await client.json(.post, "/v1/actions/x/reject", "{}", as: .operator).isProblem(.badRequest)
                )
                #expect(try await client.json(.post, "/v1/actions/3/reject", "{}", as: .viewer).isProblem(.forbidden))
            }
    }

    @Test func fleetsArePausedScaledAndResumed() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let paused = try await client.json(
                    .post,
                    "/v1/fleets/storefront/pause",
                    "{\"direction\":\"in\",\"duration\":\"2h\",\"reason\":\"a look\"}",
                    as: .operator
                )
                #expect(paused["pause"]?.string == "in")
                #expect(paused["until"]?.string == (FakeControlPlane.start + .hours(2)).description)
                let scaled = try await client.json(.post, "/v1/fleets/storefront/scale", "{\"min\":50}", as: .operator)
                #expect(scaled["min"]?.integer == 50)
                #expect(try await client.json(.post, "/v1/pause", "{}", as: .operator)["pause"]?.string == "all")
                #expect(try await client.get("/v1/overrides?fleet=storefront")["overrides"]?.array?.count == 3)
                #expect(
                    try await client.send(.post, "/v1/fleets/storefront/resume", as: .operator)["overrides"]?.array?
                        .count == 2
                )
                #expect(try await client.send(.post, "/v1/resume", as: .operator).status == 200)
                #expect(try await client.send(.post, "/v1/resume", as: .operator).isProblem(.conflict))
                for (path, body) in [
                    ("/v1/fleets/storefront/pause", "{\"direction\":\"up\"}"),
                    ("/v1/fleets/storefront/pause", "{\"duration\":\"long\"}"),
                    ("/v1/fleets/storefront/scale", "{\"min\":-1}"), ("/v1/fleets/storefront/scale", "{\"min\":\"5\"}"),
                ] {
                    #expect(try await client.json(.post, path, body, as: .operator).isProblem(.badRequest), "\(body)")
                }
                #expect(
                    try await client.json(.post, "/v1/fleets/storefront/scale", "{}", as: .operator)
                        .isProblem(.unprocessable)
                )
                #expect(try await client.json(.post, "/v1/fleets/nope/pause", "{}", as: .operator).isProblem(.notFound))
                #expect(try await client.json(.post, "/v1/pause", "{}", as: .viewer).isProblem(.forbidden))
            }
    }

    @Test func theLogIsVerifiedAndExported() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                #expect(try await client.get("/v1/log/verify", as: .admin)["is_sound"]?.bool == true)
                #expect(try await client.get("/v1/log/verify", as: .operator).isProblem(.forbidden))
                let page = try await client.get("/v1/fleets/storefront/log?limit=2")
                #expect(page["decisions/1/sequence"]?.integer == 2)
                #expect(page["decisions/1/link"]?.string == "01ab")
                #expect(page["next"]?.string == "2")
            }
    }
}
