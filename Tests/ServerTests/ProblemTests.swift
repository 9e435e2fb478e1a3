import Control
import Domain
import HTTPTypes
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Whatever goes wrong is said as a problem.
@Suite(.inTurn)
struct ProblemTests {
    @Test func unknownPathsAndMethods() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                for path in ["/", "/v1", "/v1/fleets/", "/v1//fleets", "/v1/fleets/a/b/c", "/V1/fleets", "/v1/flee%zz"]
                {
                    #expect(try await client.get(path).isProblem(.notFound), "\(path)")
                }
                let wrong = try await client.send(.delete, "/v1/fleets")
                #expect(wrong.isProblem(.methodNotAllowed))
                #expect(wrong.header("Allow") == "GET, HEAD")
                let persona = try await client.send(.post, "/v1/resources/web-1/persona")
                #expect(persona.header("Allow") == "GET, PUT, DELETE, HEAD")
                #expect(try await client.send(.options, "/v1/fleets", as: nil).isProblem(.methodNotAllowed))
            }
    }

    @Test func theRequestsIdIsEchoedOrMade() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let given = try await client.get("/v1/nope", headers: ["X-Request-Id": "trace-17/a"])
                #expect(given.header("X-Request-Id") == "trace-17/a")
                #expect(given["request_id"]?.string == "trace-17/a")
                let made = try await client.get("/v1/fleets", headers: ["X-Request-Id": "a b<script>"])
                #expect(made.header("X-Request-Id")?.count == 16)
                let long = try await client.get(
                    "/v1/fleets",
                    headers: ["X-Request-Id": String(repeating: "a", count: 129)]
                )
                #expect(long.header("X-Request-Id")?.count == 16)
            }
    }

    @Test func contentTypes() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                #expect(try await client.get("/v1/fleets", headers: ["Accept": "text/html"]).isProblem(.notAcceptable))
                for accept in [
                    "*/*", "application/*", "text/html, application/json;q=0.1", "application/json; charset=utf-8",
                ] {
                    #expect(try await client.get("/v1/fleets", headers: ["Accept": accept]).status == 200, "\(accept)")
                }
                #expect(
                    try await client.get("/v1/fleets", headers: ["Accept": "application/json;q=0"])
                        .isProblem(.notAcceptable)
                )
                let text = try await client.send(
                    .put,
                    "/v1/resources/web-1/persona",
                    headers: ["Content-Type": "text/plain"],
                    body: Array("{}".utf8)
                )
                #expect(text.isProblem(.unsupportedMediaType))
                let none = try await client.send(.put, "/v1/resources/web-1/persona", body: Array("{}".utf8))
                #expect(none.isProblem(.unsupportedMediaType))
                let zipped = try await client.json(
                    .put,
                    "/v1/resources/web-1/persona",
                    "{}",
                    headers: ["Content-Encoding": "gzip"]
                )
                #expect(zipped.isProblem(.unsupportedMediaType))
            }
    }

    @Test func bodiesThatAreTooLarge() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let body = "{\"persona\":\"" + String(repeating: "a", count: 1 << 17) + "\"}"
                #expect(try await client.json(.put, "/v1/resources/web-1/persona", body).isProblem(.contentTooLarge))
            }
    }

    @Test(arguments: [
        "", "{", "[", "nul", "{\"persona\":}", "{\"persona\":\"a\",}", "{'persona':'a'}", "{\"persona\":\"\\ud800\"}",
        "{\"persona\":\"a\"}x", "01", "1e999", "{\"a\":1,\"a\":2}", "\"\u{1}\"",
    ])
    func bodiesThatAreNotJSON(_ body: String) async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let reply = try await client.json(.put, "/v1/resources/web-1/persona", body)
                #expect(reply.isProblem(.badRequest))
                #expect(reply["errors/0/place"]?.string?.hasPrefix("byte") == true)
            }
    }

    @Test func depthIsBounded() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let body = String(repeating: "[", count: 20_000)
                #expect(try await client.json(.put, "/v1/resources/web-1/persona", body).isProblem(.badRequest))
            }
    }

    @Test func errorsOfOtherRooms() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            for (kind, problem) in [
                (ControlError.Kind.conflict, ProblemKind.conflict), (.invalid, .unprocessable),
                (.unavailable, .unavailable), (.notFound, .notFound),
            ] {
                world.control.state.withLock { $0.failure = ControlError(kind, "A reason.") }
                let reply = try await client.json(.put, "/v1/resources/web-1/persona", "{\"persona\":\"low-latency\"}")
                #expect(reply.isProblem(problem))
                #expect(reply["detail"]?.string == "A reason.")
            }
        }
    }
}
