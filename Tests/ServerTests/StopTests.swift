import Domain
import HTTPTypes
import HummingbirdTesting
import Logging
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
        let (ports, port) = AsyncStream<Int>.makeStream()
        let world = try ServerWorld(clock: StuckClock(began: began), onListening: { port.yield($0) })
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(services: [world.server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let bound = try #require(await ports.first { _ in true })
            let client = TestClient(
                host: "127.0.0.1",
                port: bound,
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
            await group.triggerGracefulShutdown()
            #expect(try await waiting.status == .notModified)
            try await tasks.waitForAll()
            try await client.shutdown()
        }
    }

    @Test func aTakenPortIsSaidToBeSo() async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let first = try ServerWorld(onListening: { port.yield($0) })
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(services: [first.server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let bound = try #require(await ports.first { _ in true })
            let second = try ServerWorld(ServerConfiguration(port: bound))
            let error = await #expect(throws: ServerError.self) { try await second.server.run() }
            #expect(error?.code == .bind)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
