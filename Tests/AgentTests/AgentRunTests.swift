import Agent
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

/// The whole agent against a real server, in virtual time.
struct AgentRunTests {
    private let folder: TemporaryFolder
    private let clock = InstantClock()
    private let book = LogBook()

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("proc/loadavg", "0.50 1.25 2.00 1/100 4242\n")
    }

    private func agent(_ server: ScriptedServer, once: Bool = false) throws -> Agent {
        var options = AgentOptions(resource: "web-1")
        options.server = try server.address()
        options.scrapes = [try server.address("/metrics")]
        options.spool = folder.path + "/spool"
        options.once = once
        let paths = SystemPaths(
            proc: folder.path + "/proc",
            cgroup: folder.path,
            sys: folder.path,
            disk: folder.path + "/none"
        )
        return try Agent(
            options: options,
            group: MultiThreadedEventLoopGroup.singleton,
            clock: clock,
            log: book.log,
            paths: paths,
            seed: 1
        )
    }

    private static let plan = """
        {"resource":"web-1","fleet":"storefront","persona":"p","interval_s":10,"kpis":[
          {"name":"load_average_1m","source":"system"},
          {"name":"queue_length","source":"scrape","metric":"jobs"}]}
        """

    @Test func streamsWhatThePlanAsksForAndFollowsItsChange() async throws {
        let (stop, stopping) = AsyncStream<Int32>.makeStream()
        let sent = Mutex<[SentSample]>([])
        let posts = Mutex(0)
        let server = try await ScriptedServer.start { request in
            if request.uri == "/metrics" { return .answer(200, body: "jobs 7\nother 1\n") }
            if request.method == "GET" {
                // The plan is there once the server has seen what is sent without one.
                if request.headers.contains(name: "If-None-Match") { return .hold }
                guard posts.withLock({ $0 > 0 }) else { return .answer(503) }
                return .answer(200, headers: [("ETag", "\"1\"")], body: Self.plan)
            }
            let found = (try? samples(in: request.body)) ?? []
            let planned = sent.withLock { sent in
                sent.append(contentsOf: found)
                return sent.count { $0.labels.contains("__name__=queue_length") }
            }
            posts.withLock { $0 += 1 }
            if planned == 5 { stopping.yield(15) }
            return .answer(204)
        }
        try await agent(server).run(until: stop)
        let all = sent.withLock { $0 }
        // At first all that the agent measures by itself, here the loads.
        #expect(all.first?.labels == ["__name__=load_average_1m", "instance=web-1"])
        #expect(all.contains { $0.labels.contains("__name__=load_average_15m") })
        let queue = all.filter { $0.labels == ["__name__=queue_length", "fleet=storefront", "instance=web-1"] }
        #expect(queue.count >= 5 && queue.allSatisfy { $0.value == 7 })
        // From the plan on nothing else, on its schedule, in order.
        let planned = all.filter { $0.labels.contains("fleet=storefront") }
        #expect(Set(planned.map(\.labels)).count == 2)
        let times = queue.map(\.timestampMs)
        #expect(zip(times.dropFirst(), times.dropFirst(2)).allSatisfy { $1 - $0 == 10_000 })
        #expect(Set(all.map { "\($0.labels) \($0.timestampMs)" }).count == all.count)
        #expect(book.contains("ending on signal 15"))
        try await server.stop()
    }

    @Test func whatIsNotDeliveredWaitsForTheNextRun() async throws {
        let (stop, stopping) = AsyncStream<Int32>.makeStream()
        let offered = Mutex(0)
        let server = try await ScriptedServer.start { request in
            guard request.method == "POST" else { return .answer(404) }
            if offered.withLock({ offered in
                offered += 1
                return offered == 5
            }) {
                stopping.yield(15)
            }
            return .answer(503)
        }
        try await agent(server).run(until: stop)
        let spool = try Spool(directory: folder.path + "/spool", limitBytes: 1 << 20)
        #expect(spool.statistics.pendingSamples > 0 && spool.statistics.damagedBytes == 0)
        let first = try #require(try spool.first())
        #expect(try samples(in: first.body).count == 3)
        #expect(book.contains("samples wait in the spool for the next run"))
        try await server.stop()
    }

    @Test func oncePrintsWhatWouldBeSent() async throws {
        let posts = Mutex(0)
        let server = try await ScriptedServer.start { request in
            if request.uri == "/metrics" { return .answer(200, body: "jobs 7\n") }
            if request.method == "POST" { posts.withLock { $0 += 1 } }
            return .answer(200, headers: [("ETag", "\"1\"")], body: Self.plan)
        }
        let lines = try await agent(server, once: true).once()
        #expect(
            lines == [
                "load_average_1m{fleet=\"storefront\",instance=\"web-1\"} 0.5",
                "queue_length{fleet=\"storefront\",instance=\"web-1\"} 7",
            ]
        )
        #expect(posts.withLock { $0 } == 0)
        try await server.stop()
    }

    @Test func aSpoolThatCannotBeUsedIsTold() async throws {
        var options = AgentOptions(resource: "web-1")
        options.server = try HTTPAddress("http://127.0.0.1:1")
        options.spool = "/proc/none/here"
        let agent = try Agent(
            options: options,
            group: MultiThreadedEventLoopGroup.singleton,
            clock: clock,
            log: book.log,
            paths: SystemPaths(),
            seed: 1
        )
        await #expect(throws: AgentError.self) { try await agent.run(until: AsyncStream { $0.finish() }) }
    }
}
