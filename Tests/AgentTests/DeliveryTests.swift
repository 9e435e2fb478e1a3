import Agent
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

import class TestSupport.TemporaryFolder

struct DeliveryTests {
    private let folder: TemporaryFolder
    private let clock = InstantClock()
    private let book = LogBook()

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What the server took, in order, and what it is to answer next.
    private final class Script: Sendable {
        private struct State {
            var replies: [ScriptedReply]
            var taken: [[UInt8]] = []
            var offered = 0
        }

        private let state: Mutex<State>

        init(_ replies: [ScriptedReply]) {
            state = Mutex(State(replies: replies))
        }

        var taken: [[UInt8]] { state.withLock { $0.taken } }
        var offered: Int { state.withLock { $0.offered } }

        /// The scripted replies, then 204 for all that follows.
        func reply(_ request: ReceivedRequest) -> ScriptedReply {
            state.withLock { state in
                state.offered += 1
                let reply = state.replies.isEmpty ? .answer(204) : state.replies.removeFirst()
                if case .answer(let status, _, _) = reply, status < 300 { state.taken.append(request.body) }
                return reply
            }
        }
    }

    private func deliver(_ bodies: [[UInt8]], to script: Script) async throws -> (Delivery, Spool) {
        let server = try await ScriptedServer.start { script.reply($0) }
        let spool = try Spool(directory: folder.path, limitBytes: 1 << 20)
        for body in bodies { try spool.append(body, samples: 1) }
        var delivery = Delivery(
            spool: spool,
            sender: RemoteWriteSender(client: try server.client(), token: BearerToken(file: nil)),
            clock: clock,
            backoff: Backoff(generator: SeededGenerator(seed: 1)),
            log: book.log
        )
        try await delivery.drain()
        try await server.stop()
        return (delivery, spool)
    }

    private func bodies(_ count: Int) -> [[UInt8]] {
        (0..<count).map { Array("batch \($0)".utf8) }
    }

    @Test func everythingArrivesOnceAndInOrder() async throws {
        let script = Script([])
        let (delivery, spool) = try await deliver(bodies(50), to: script)
        #expect(script.taken == bodies(50))
        #expect(delivery.deliveredSamples == 50 && spool.statistics.pendingSamples == 0)
        #expect(clock.sleeps.isEmpty && book.lines.isEmpty)
    }

    @Test func aServerThatFailsThrottlesAndRecoversLosesNothing() async throws {
        let script = Script([
            .answer(204), .answer(500), .close, .answer(429, headers: [("Retry-After", "7")]), .answer(503),
            .answer(204),
            .answer(302, headers: [("Location", "/elsewhere")]), .close, .close,
            .answer(502, body: "<html>bad gateway</html>"),
        ])
        let (delivery, _) = try await deliver(bodies(20), to: script)
        #expect(script.taken == bodies(20))
        #expect(delivery.deliveredSamples == 20 && delivery.refusedSamples == 0)
        #expect(clock.sleeps.contains { $0 >= 7000 })
        // Each trouble once, as it comes.
        #expect(book.lines.filter { $0.contains("are kept until the server takes them") }.count > 4)
        #expect(book.lines.filter { $0.contains("takes samples again") }.count == 2)
    }

    @Test func retryAfterIsHonouredEachTime() async throws {
        let script = Script([
            .answer(429, headers: [("Retry-After", "30")]), .answer(503, headers: [("Retry-After", "100")]),
            .answer(429, headers: [("Retry-After", "soon")]), .answer(429, headers: [("Retry-After", "-5")]),
            .answer(503, headers: [("Retry-After", "99999999999")]),
        ])
        _ = try await deliver(bodies(1), to: script)
        #expect(clock.sleeps.count == 5)
        #expect(clock.sleeps[0] == 30_000 && clock.sleeps[1] == 100_000 && clock.sleeps[4] == 3_600_000)
        #expect(clock.sleeps[2] <= 60_000 && clock.sleeps[3] <= 60_000)
    }

    /// A token that was replaced, or a proxy's wrong turn: refused batch by batch the whole spool would go.
    @Test(arguments: [401, 403, 404, 405, 408, 415])
    func whatSaysNothingOfTheBatchLosesNothing(status: Int) async throws {
        let script = Script(Array(repeating: .answer(status), count: 5))
        let (delivery, _) = try await deliver(bodies(3), to: script)
        #expect(script.taken == bodies(3))
        #expect(delivery.refusedSamples == 0 && clock.sleeps.count == 5)
        #expect(book.lines.filter { $0.contains("are kept until the server takes them: HTTP \(status)") }.count == 1)
    }

    @Test(arguments: [400, 409, 413, 422])
    func whatIsRefusedForGoodHoldsNothingUp(status: Int) async throws {
        let script = Script([.answer(204), .answer(status, body: "no such\u{1B}[31m label"), .answer(204)])
        let (delivery, spool) = try await deliver(bodies(3), to: script)
        #expect(script.taken == [bodies(3)[0], bodies(3)[2]])
        #expect(delivery.refusedSamples == 1 && spool.statistics.pendingSamples == 0)
        #expect(book.lines == ["error: 1 samples dropped, the server refuses them: HTTP \(status): no such [31m label"])
    }

    @Test func aServerThatIsAwayIsWaitedForAndTheSpoolOutlivesTheAgent() async throws {
        let spoolFolder = folder.path
        let first = try await ScriptedServer.start { _ in .answer(204) }
        let port = first.port
        try await first.stop()
        do {
            let spool = try Spool(directory: spoolFolder, limitBytes: 1 << 20)
            for body in bodies(10) { try spool.append(body, samples: 1) }
            let group = MultiThreadedEventLoopGroup.singleton
            let client = HTTPClient(
                try HTTPAddress("http://127.0.0.1:\(port)"),
                group: group,
                tls: nil,
                userAgent: "test"
            )
            let sender = RemoteWriteSender(client: client, token: BearerToken(file: nil))
            guard case .later = await sender.send(bodies(1)[0]) else {
                Issue.record("nobody listens, so nothing can be delivered")
                return
            }
        }
        let script = Script([])
        let (delivery, _) = try await deliver([Array("last".utf8)], to: script)
        #expect(script.taken == bodies(10) + [Array("last".utf8)])
        #expect(delivery.deliveredSamples == 11)
    }

    @Test func requestsSayWhatTheyAre() async throws {
        let seen = Mutex<[ReceivedRequest]>([])
        let server = try await ScriptedServer.start { request in
            seen.withLock { $0.append(request) }
            return .answer(204)
        }
        try folder.write("token", "  secret-1\n")
        let sender = RemoteWriteSender(client: try server.client(), token: BearerToken(file: folder.path + "/token"))
        #expect(await sender.send([1, 2, 3]) == .delivered)
        try folder.write("token", "secret-2")
        #expect(await sender.send([4]) == .delivered)
        try folder.write("token", "two words")
        guard case .later(let reason, _) = await sender.send([5]) else {
            Issue.record("a batch without the token would be refused for good")
            return
        }
        #expect(reason.contains("does not hold a token"))
        let requests = seen.withLock { $0 }
        #expect(requests.map(\.body) == [[1, 2, 3], [4]])
        #expect(requests.map { $0.headers.first(name: "Authorization") } == ["Bearer secret-1", "Bearer secret-2"])
        let head = try #require(requests.first)
        #expect(head.method == "POST" && head.uri == "/api/v1/write")
        #expect(head.headers.first(name: "Content-Type") == "application/x-protobuf")
        #expect(head.headers.first(name: "Content-Encoding") == "snappy")
        #expect(head.headers.first(name: "X-Prometheus-Remote-Write-Version") == "0.1.0")
        try await server.stop()
    }

    @Test func pausesAreDrawnUpToABoundThatDoubles() {
        var backoff = Backoff(firstMs: 100, mostMs: 5000, generator: SeededGenerator(seed: 7))
        var again = backoff
        var largest: [Int64] = []
        for attempt in 0..<40 {
            let pause = backoff.next()
            #expect((0...min(5000, 100 << Int64(min(attempt, 20)))).contains(pause))
            #expect(pause == again.next())
            largest.append(pause)
        }
        #expect(Set(largest).count > 30)
        backoff.reset()
        #expect(backoff.next() <= 100)
        #expect(backoff.next(atLeast: 9000) == 9000)
    }
}
