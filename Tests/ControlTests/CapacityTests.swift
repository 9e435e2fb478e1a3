import Control
import Decision
import Domain
import Foundation
import Simulation
import StateStore
import TestSupport
import Testing

/// What resources really serve, and which of them new capacity takes.
@Suite(.inTurn)
struct CapacityTests {
    /// Time passes; demand and every resource's latency are reported, all of which play one persona or another.
    private func run(_ bench: Bench, _ span: TimeSpan, demand: Double, latency: (String) -> Double) async throws {
        let end = bench.clock.now + span
        while bench.clock.now < end {
            for resource in try bench.world().now({ $0.resources() }) where resource.state == .ready {
                try bench.report("latency_ms", latency(resource.persona), instance: resource.id)
            }
            try await bench.run(.seconds(15), demand: demand)
        }
    }

    private func capacity(_ bench: Bench, of persona: String = "web") async throws -> Double {
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        return try #require(record.input.rules.personas.first { $0.name == persona }).capacity
    }

    @Test func decisionsGoByWhatIsServedAndItOutlivesAKill() async throws {
        let looks = """
            local policy = { name = "quiet" }
            function policy.propose(ctx) return at_least(ctx.resources_for(600), "six hundred") end
            return policy
            """
        let four = Bench.fleet("shop").replacing("max = 50", with: "max = 4")
        var bench = try Bench(["policies/fleets/shop.lua": four, "policies/scaling/quiet.lua": looks])
        try await bench.control.start()
        try await run(bench, .minutes(5), demand: 600) { _ in 100 }
        #expect(try await capacity(bench) == 100)
        let before = try await bench.control.decisionRecord(of: "shop", at: nil).decision.need
        // Four resources bear 150 each, and hold their objective: they serve more than they were said to.
        try await run(bench, .minutes(45), demand: 600) { _ in 100 }
        let learned = try await capacity(bench)
        #expect((145...150).contains(learned))
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        #expect(record.decision.need < before)
        // Policies are told the same.
        #expect(record.input.policies.flatMap(\.proposals).map(\.ask) == [.atLeast(Int((600 / learned).rounded(.up)))])
        bench = try bench.killed()
        try await bench.control.start()
        try bench.report("request_rate", 600)
        await bench.control.step()
        #expect(try await capacity(bench) == learned)
    }

    @Test func newCapacityIsTheCheapestByWhatIsServed() async throws {
        // By what is declared, a hundred requests cost 1 with web and 1.75 with lean; by what web really serves, 2.
        let lean = """
            return persona {
              name = "lean",
              capacity = { request_rate = 60 },
              cost = { per_hour = 1.05, shortfall = 20 },
            }
            """
        let fleet = Bench.fleet("shop").replacing("\"web\", \"safe\"", with: "\"web\", \"lean\"")
        let bench = try Bench(["policies/personas/lean.lua": lean, "policies/fleets/shop.lua": fleet])
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 500)
        func count(_ persona: String) throws -> Int {
            try bench.world().now { fleet in fleet.resources().map(\.persona) }.count { $0 == persona }
        }
        #expect(try count("web") >= 5)
        #expect(try count("lean") <= 1)
        // Web's resources break their objective at what they bear.
        try await run(bench, .minutes(60), demand: 500) { $0 == "web" ? 400 : 50 }
        #expect(try await capacity(bench) < 57)
        let before = (web: try count("web"), lean: try count("lean"))
        try await bench.run(.minutes(10), demand: 1500)
        let more = (web: try count("web") - before.web, lean: try count("lean") - before.lean)
        #expect(more.lean >= 5)
        #expect(more.lean > 2 * more.web, "\(before) \(more)")
    }

    @Test func aHookChoosesThePersonaOfNewCapacity() async throws {
        let chooses = """
            local policy = { name = "quiet" }
            function policy.propose(ctx) return nil end
            function policy.choose_persona(ctx, shortfall) return "safe", "a quiet night" end
            return policy
            """
        let bench = try Bench(["policies/scaling/quiet.lua": chooses])
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 500)
        let personas = try bench.world().now { fleet in fleet.resources().map(\.persona) }
        #expect(personas.count { $0 == "web" } == 2)
        #expect(personas.count { $0 == "safe" } >= 6)
        let hook = try await bench.control.decisionRecord(of: "shop", at: nil).decision.steps
        #expect(try bench.decisions().contains { $0.outcome == "scale_out" })
        #expect(!hook.isEmpty)
    }
}
