import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import ServiceLifecycle
import StateStore
import TestSupport
import Testing

@testable import Server

/// A server that stops as services do.
@Suite(.inTurn)
struct StopTests {
    /// Waits until it is over or its task is cancelled; says when a wait begins.
    private struct StuckClock: Clock {
        let began: AsyncStream<Void>.Continuation
        var now: ContinuousClock.Instant { ContinuousClock.now }
        var minimumResolution: Duration { .nanoseconds(1) }

        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            began.yield()
            // Never over by itself.
            for await _ in AsyncStream<Void>.makeStream().stream {}
            try Task.checkCancellation()
        }
    }

    @Test func anAgentThatWaitsIsAnsweredAndTheServerEnds() async throws {
        let (begun, began) = AsyncStream<Void>.makeStream()
        try await ServerWorld.serving(clock: StuckClock(began: began)) { world, port, services in
            let client = TestClient(
                host: "127.0.0.1",
                port: port,
                configuration: .init(timeout: .seconds(240)),
                eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton)
            )
            client.connect()
            let token = "Bearer \(world.tokens[.agent] ?? "")"
            let plan = try await client.get("/v1/agents/web-1/plan", headers: [.authorization: token])
            let tag = try #require(plan.headers[.eTag])
            async let waiting = client.get(
                "/v1/agents/web-1/plan?wait=60",
                headers: [.authorization: token, .ifNoneMatch: tag]
            )
            _ = await begun.first { _ in true }
            await services.triggerGracefulShutdown()
            #expect(try await waiting.status == .notModified)
            try await client.shutdown()
        }
    }

    @Test func aTakenPortIsSaidToBeSo() async throws {
        try await ServerWorld.serving { _, port, _ in
            let second = try ServerWorld(ServerConfiguration(port: port))
            let error = await #expect(throws: ServerError.self) { try await second.server.run() }
            #expect(error?.code == .bind)
        }
    }
}
