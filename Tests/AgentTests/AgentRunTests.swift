import Agent
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

import class TestSupport.TemporaryFolder

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
        // Virtual time passes while the machine does something else: then a turn is left out, and the next is where it belongs.
        #expect(zip(times.dropFirst(), times.dropFirst(2)).allSatisfy { $1 > $0 && ($1 - $0) % 10_000 == 0 })
        #expect(Set(all.map { "\($0.labels) \($0.timestampMs)" }).count == all.count)
        #expect(book.contains("ending on signal 15"))
        try await server.stop()
    }

    /// Away for a hundred attempts while another plan comes: nothing is lost, nothing overtakes.
    @Test func anOutageWithAChangeOfPlanIsDeliveredInOrderAfterwards() async throws {
        let (stop, stopping) = AsyncStream<Int32>.makeStream()
        let changed = Self.plan.replacing("load_average_1m", with: "load_average_5m").replacing("\"p\"", with: "\"q\"")
        let sent = Mutex<[SentSample]>([])
        let refusals = Mutex(0)
        let server = try await ScriptedServer.start { request in
            if request.uri == "/metrics" { return .answer(200, body: "jobs 7\n") }
            if request.method == "GET" {
                switch request.headers.first(name: "If-None-Match") {
                case nil: return .answer(200, headers: [("ETag", "\"1\"")], body: Self.plan)
                case "\"1\"":
                    guard refusals.withLock({ $0 > 50 }) else { return .answer(304) }
                    return .answer(200, headers: [("ETag", "\"2\"")], body: changed)
                default: return .hold
                }
            }
            let hasBegun = sent.withLock { $0.contains { $0.labels.contains("fleet=storefront") } }
            if hasBegun {
                let attempt = refusals.withLock { refusals in
                    refusals += 1
                    return refusals
                }
                if attempt <= 100 { return attempt % 2 == 0 ? .close : .answer(attempt % 4 == 1 ? 503 : 401) }
            }
            let found = (try? samples(in: request.body)) ?? []
            let isFollowed = sent.withLock { sent in
                sent.append(contentsOf: found)
                return sent.count { $0.labels.contains("__name__=load_average_5m") && $0.labels.count == 3 } > 3
            }
            if isFollowed { stopping.yield(15) }
            return .answer(204)
        }
        try await agent(server).run(until: stop)
        let all = sent.withLock { $0 }
        let times = all.map(\.timestampMs)
        #expect(times == times.sorted())
        // At the change of the plan is collected at once: here maybe in an instant that was collected already.
        #expect(Set(all.map { "\($0.labels) \($0.timestampMs)" }).count >= all.count - 1)
        // What the outage was sampled of is there. How often that was is the test clock's matter: each pause moves it on for all.
        #expect(all.count { $0.labels.contains("__name__=queue_length") } > 4)
        let planned = all.filter { $0.labels.contains("fleet=storefront") }.map { $0.labels[0] }
        let change = try #require(planned.firstIndex(of: "__name__=load_average_5m"))
        #expect(change > 2 && !planned[change...].contains("__name__=load_average_1m"))
        #expect(!planned[..<change].contains("__name__=load_average_5m"))
        #expect(book.contains("the server takes samples again"))
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
