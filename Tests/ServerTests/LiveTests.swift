import Domain
import HTTPTypes
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// What matters on a real socket.
@Suite(.inTurn)
struct LiveTests {
    @Test func largeBodiesComeInParts() async throws {
        let world = try ServerWorld()
        try await world.testLive { (client) async throws in
            let series = (0..<3000)
                .map { index in
                    (
                        labels: [("__name__", "a"), ("n", String(index))],
                        samples: [(FakeControlPlane.start.milliseconds, Double(index))]
                    )
                }
            let body = WriteRequest.body(series)
            #expect(body.count > 100_000)
            let reply = try await client.send(
                .post,
                "/api/v1/write",
                as: .agent,
                headers: ["Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"],
                body: body
            )
            #expect(reply.status == 204)
            #expect(world.sink.samples.withLock { $0 } == 3000)
        }
    }

    @Test func aConnectionServesOnAfterARefusedBody() async throws {
        try await ServerWorld()
            .testLive { (client) async throws in
                let body = Array(repeating: UInt8(ascii: "a"), count: 1 << 18)
                let refused = try await client.send(
                    .put,
                    "/v1/resources/web-1/persona",
                    headers: ["Content-Type": "application/json"],
                    body: body
                )
                #expect(refused.isProblem(.contentTooLarge))
                #expect(try await client.get("/v1/fleets").status == 200)
            }
    }

    @Test func answersHaveTheirHeaders() async throws {
        try await ServerWorld()
            .testLive { (client) async throws in
                let reply = try await client.get("/v1/fleets")
                #expect(reply.header("Server") == "troupe")
                #expect(reply.header("Date") != nil)
                #expect(reply.header("X-Content-Type-Options") == "nosniff")
                #expect(reply.header("Cache-Control") == "no-cache")
                #expect(try await client.get("/v1/audit").header("Cache-Control") == "no-store")
            }
    }
}
