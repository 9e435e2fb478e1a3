import Domain
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Collection plans.
@Suite(.inTurn)
struct AgentTests {
    @Test func aPlanSaysWhatToCollectAndHow() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let plan = try await client.get("/v1/agents/web-1/plan", as: .agent)
                #expect(plan.status == 200)
                #expect(
                    plan.text == """
                        {"resource":"web-1","fleet":"storefront","persona":"low-latency","interval_s":10,"kpis":[\
                        {"name":"cpu_utilization","source":"system"},\
                        {"name":"error_rate","source":"scrape","metric":"http_requests_total","kind":"rate","match":{"code":"500"}},\
                        {"name":"request_latency_p99_ms","source":"scrape","metric":"http_request_duration_seconds",\
                        "kind":"quantile","quantile":0.99,"scale":1000,"match":{"job":"shop"}},\
                        {"name":"request_rate","source":"scrape","metric":"http_requests_total","kind":"rate","match":{}},\
                        {"name":"queue_length","source":"scrape","metric":"queue_length","kind":"gauge","match":{}},\
                        {"name":"retry_share","source":"scrape","metric":"retries_total","kind":"ratio",\
                        "per":"http_requests_total","match":{}}]}
                        """
                )
                #expect(try await client.get("/v1/agents/nope/plan", as: .agent).isProblem(.notFound))
                #expect(try await client.get("/v1/agents/web-1/plan?wait=61", as: .agent).isProblem(.badRequest))
            }
    }

    @Test func intervalsAreWholeSeconds() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let spans: [(TimeSpan, Int64)] = [
                (TimeSpan(milliseconds: 1500), 2), (.zero, 1), (.seconds(15), 15), (.hours(5), 3600),
            ]
            for (span, seconds) in spans {
                world.control.state.withLock { $0.interval = span }
                #expect(try await client.get("/v1/agents/web-1/plan", as: .agent)["interval_s"]?.integer == seconds)
            }
        }
    }

    @Test func aWaitingAgentHearsOfAChange() async throws {
        let clock = SteppingClock()
        let world = try ServerWorld(clock: clock)
        try await world.test { (client) async throws in
            let tag = try #require(try await client.get("/v1/agents/web-1/plan", as: .agent).header("ETag"))
            let control = world.control
            clock.onSleep.withLock { hook in
                hook = { offset in if offset >= .seconds(3) { control.state.withLock { $0.interval = .seconds(5) } } }
            }
            let reply = try await client.get(
                "/v1/agents/web-1/plan?wait=30",
                as: .agent,
                headers: ["If-None-Match": tag]
            )
            #expect(reply.status == 200)
            #expect(reply["interval_s"]?.number == 5)
            #expect(clock.now.offset == .seconds(3))
        }
    }

    @Test func withoutAChangeTheWaitEnds() async throws {
        let clock = SteppingClock()
        let world = try ServerWorld(clock: clock)
        try await world.test { (client) async throws in
            let tag = try #require(try await client.get("/v1/agents/web-1/plan", as: .agent).header("ETag"))
            let reply = try await client.get(
                "/v1/agents/web-1/plan?wait=20",
                as: .agent,
                headers: ["If-None-Match": tag]
            )
            #expect(reply.status == 304)
            #expect(clock.now.offset == .seconds(20))
            // Nothing to wait for: what the agent has is another plan.
            #expect(
                try await client.get("/v1/agents/web-1/plan?wait=20", as: .agent, headers: ["If-None-Match": "\"x\""])
                    .status
                    == 200
            )
            #expect(clock.now.offset == .seconds(20))
        }
    }
}
