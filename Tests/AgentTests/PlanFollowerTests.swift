import Agent
import NIOHTTP1
import Synchronization
import Testing

struct PlanFollowerTests {
    private let clock = InstantClock()
    private let book = LogBook()
    private let board = PlanBoard(.systemOnly(resource: "web 1/a", fleet: nil, intervalSeconds: 10))

    private func follower(_ server: ScriptedServer) throws -> PlanFollower {
        PlanFollower(
            client: try server.client(),
            token: BearerToken(file: nil),
            resource: "web 1/a",
            board: board,
            clock: clock,
            backoff: Backoff(generator: SeededGenerator(seed: 2)),
            log: book.log
        )
    }

    private static func plan(_ kpi: String, interval: Int, resource: String = "web 1/a") -> String {
        """
        {"resource":"\(resource)","fleet":"f","persona":"p","interval_s":\(interval),"kpis":[{"name":"\(kpi)","source":"system"}]}
        """
    }

    @Test func aPlanThatChangesIsFollowed() async throws {
        let seen = Mutex<[ReceivedRequest]>([])
        let server = try await ScriptedServer.start { request in
            let number = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            return switch number {
            case 1: .answer(200, headers: [("ETag", "\"one\"")], body: Self.plan("cpu_utilization", interval: 10))
            case 2: .answer(304)
            default: .answer(200, headers: [("ETag", "\"two\"")], body: Self.plan("memory_utilization", interval: 3))
            }
        }
        var follower = try follower(server)
        #expect(await follower.step() == 0)
        #expect(board.current.plan.kpis.map(\.name) == ["cpu_utilization"] && board.current.version == 1)
        #expect(await follower.step() == 0)
        #expect(board.current.version == 1)
        #expect(await follower.step() == 0)
        #expect(board.current.plan.kpis.map(\.name) == ["memory_utilization"] && board.current.version == 2)
        #expect(board.current.plan.intervalSeconds == 3)
        let requests = seen.withLock { $0 }
        #expect(requests.map { $0.headers.first(name: "If-None-Match") } == [nil, "\"one\"", "\"one\""])
        #expect(requests[0].uri == "/v1/agents/web%201%2Fa/plan?wait=25")
        try await server.stop()
    }

    @Test func whateverGoesWrongTheLastPlanStays() async throws {
        let replies = Mutex<[ScriptedReply]>([
            .answer(200, headers: [("ETag", "\"one\"")], body: Self.plan("cpu_utilization", interval: 10)),
            // On a connection that was kept, one that closes is tried again on a new one.
            .answer(500, body: "broken"), .answer(500, body: "broken"), .close, .close, .answer(404), .answer(401),
            .answer(200, headers: [("ETag", "\"bad\"")], body: "{\"kpis\":"),
            .answer(
                200,
                headers: [("ETag", "\"other\"")],
                body: Self.plan("cpu_utilization", interval: 1, resource: "other")
            ),
            .answer(503, headers: [("Retry-After", "40")]),
            .answer(200, body: String(repeating: " ", count: 300_000)),
        ])
        let server = try await ScriptedServer.start { _ in
            replies.withLock { $0.isEmpty ? .answer(304) : $0.removeFirst() }
        }
        var follower = try follower(server)
        _ = await follower.step()
        var pauses: [Int64] = []
        for _ in 0..<9 { pauses.append(await follower.step()) }
        #expect(board.current.plan.intervalSeconds == 10 && board.current.version == 1)
        #expect(pauses[7] >= 40_000 && (500...1000).contains(pauses[3]))
        // A lasting trouble is told once.
        #expect(book.lines.filter { $0.contains("HTTP 500 broken") }.count == 1)
        #expect(book.contains("does not know the resource “web 1/a”"))
        #expect(book.contains("the plan is no JSON"))
        #expect(book.contains("the plan is for the resource “other”"))
        #expect(book.contains("the answer is larger than"))
        try await server.stop()
    }

    /// A resource is started before its server has seen it: what it serves is missed for as long as its agent has no plan.
    @Test func aResourceThatIsNotKnownYetIsAskedForSoonAndThenMoreAndMoreSeldom() async throws {
        let server = try await ScriptedServer.start { _ in .answer(404) }
        var follower = try follower(server)
        var pauses: [Int64] = []
        for _ in 0..<12 { pauses.append(await follower.step()) }
        #expect((500...1000).contains(pauses[0]) && (1000...2000).contains(pauses[1]), "\(pauses)")
        #expect(pauses[6...].allSatisfy { (15_000...30_000).contains($0) }, "\(pauses)")
        try await server.stop()
    }

    @Test func aServerThatDoesNotHoldBackIsAskedOnceASecond() async throws {
        let count = Mutex(0)
        let (enough, reached) = AsyncStream<Void>.makeStream()
        let server = try await ScriptedServer.start { _ in
            if count.withLock({ count in
                count += 1
                return count == 20
            }) {
                reached.yield()
            }
            return .answer(304)
        }
        let follower = try follower(server)
        let task = Task {
            var follower = follower
            try await follower.run()
        }
        for await _ in enough { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.sleeps.count >= 19 && clock.sleeps.allSatisfy { $0 == 1000 })
        try await server.stop()
    }

    @Test func aRequestThatIsHeldBackEndsWithItsTask() async throws {
        let (asked, asking) = AsyncStream<Void>.makeStream()
        let server = try await ScriptedServer.start { _ in
            asking.yield()
            return .hold
        }
        let follower = try follower(server)
        let task = Task {
            var follower = follower
            try await follower.run()
        }
        for await _ in asked { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(book.lines.isEmpty)
        try await server.stop()
    }
}
