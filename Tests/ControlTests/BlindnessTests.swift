import Control
import Decision
import Domain
import Foundation
import Simulation
import StateStore
import TestSupport
import Testing

/// What is missing is not idle, and nothing leaves while nobody sees.
@Suite(.inTurn)
struct BlindnessTests {
    /// On the forecast alone, beside a policy that sees nothing itself, and with one that would take all away.
    @Test(arguments: ["hold", "hold_in"], ["", "\"quiet\"", "\"quiet\", \"miser\""])
    func anHourWithoutMetricsRemovesNothing(onBlind: String, policies: String) async throws {
        let bench = try Bench([
            "policies/scaling/quiet.lua": """
            local policy = { name = "quiet" }
            function policy.propose(ctx) return at_least(ctx.resources_for(ctx.demand:mean("5m")), "what came") end
            return policy
            """,
            "policies/scaling/miser.lua": """
            local policy = { name = "miser" }
            function policy.propose(ctx) if ctx.demand.status ~= "ok" then return scale_to(2, "nobody comes") end end
            return policy
            """,
            "policies/fleets/shop.lua": Bench.fleet(
                "shop",
                policies: policies,
                extra: "on_blind = \"\(onBlind)\", prediction = \"merge\","
            ),
        ])
        try await bench.control.start()
        try await bench.run(.minutes(15), demand: 900)
        let before = try bench.world().now { $0.ready }
        #expect(before >= 9)
        let silence = bench.clock.now
        try await bench.run(.hours(1), demand: nil)
        let blind = try bench.decisions().filter { $0.at > silence + .minutes(3) }
        #expect(blind.count > 200)
        #expect(blind.allSatisfy { $0.outcome != "scale_in" && $0.target >= before })
        #expect(try bench.world().now { $0.ready } >= before)
        let status = try await bench.control.fleet(named: "shop")
        #expect(status.demandStatus == "stale")
        #expect(status.demand == nil)
        #expect(status.notes.contains { $0.contains("request_rate is stale") })
        let isTold = bench.events.all.contains { event in
            if case .blindness("shop", let why?) = event { why.contains("stale") } else { false }
        }
        #expect(isTold)
        let last = try #require(try bench.decisions().last)
        #expect(last.target >= before)
        #expect(last.reason.contains("demand is stale"), "\(last.reason)")
        let record = try await bench.control.decisionRecord(of: "shop", at: last.at)
        #expect(record.decision.steps.contains { $0.rule == "blindness" && $0.reason.contains("stale") })
        if policies.contains("quiet") { #expect(status.notes.contains { $0.hasPrefix("policy quiet is blind") }) }
        // And when they are back, it goes on.
        try await bench.run(.minutes(3), demand: 900)
        #expect(try await bench.control.fleet(named: "shop").demandStatus == "ok")
        #expect(bench.events.all.contains(.blindness(fleet: "shop", why: nil)))
    }

    @Test func neverSeenIsMissing() async throws {
        let bench = try Bench()
        try await bench.control.start()
        await bench.control.step()
        #expect(try await bench.control.fleet(named: "shop").demandStatus == "missing")
    }

    @Test func withoutAResourceNobodyCanReport() async throws {
        let bench = try Bench(
            behaviour: PersonaBehaviour(persona: "", startup: .minutes(5), spread: 0, draining: .zero)
        )
        try await bench.control.start()
        let all = try bench.world().now { fleet in fleet.resources().map(\.id) }
        _ = try bench.world().now { $0.retire(all, key: "outage") }
        await bench.control.step()
        #expect(try await bench.control.fleet(named: "shop").demandStatus == "idle")
    }

    @Test func threeStepsOfALongGridAreNoSilence() async throws {
        let bench = try Bench(["policies/fleets/shop.lua": Bench.fleet("shop", extra: "grid = \"5m\",")])
        try await bench.control.start()
        try bench.report("request_rate", 300)
        bench.clock.advance(.minutes(14))
        await bench.control.step()
        #expect(try await bench.control.fleet(named: "shop").demandStatus == "ok")
        bench.clock.advance(.minutes(2))
        await bench.control.step()
        #expect(try await bench.control.fleet(named: "shop").demandStatus == "stale")
    }
}
