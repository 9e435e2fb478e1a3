import Control
import Decision
import Domain
import Foundation
import KPIStore
import Simulation
import StateStore
import TestSupport
import Testing

/// What a kill must not take.
@Suite(.inTurn)
struct RestartTests {
    @Test func policiesRememberAndRailsKnowThePast() async throws {
        let counts = """
            local policy = { name = "quiet" }
            function policy.propose(ctx)
              local n = (ctx.state.n or 0) + 1
              return at_least(2, "run " .. n), { n = n }
            end
            return policy
            """
        let settled = Bench.fleet("shop", extra: "").replacing("max = 50", with: "max = 50, settle = \"10m\"")
        var bench = try Bench(["policies/scaling/quiet.lua": counts, "policies/fleets/shop.lua": settled])
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 1500)
        let before = try bench.decisions()
        let target = try #require(before.last?.target)
        #expect(target >= 15)
        bench = try bench.killed()
        try await bench.control.start()
        try await bench.run(.minutes(2), demand: 300)
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        // The largest need of the last ten minutes still counts.
        #expect(record.decision.target >= target)
        #expect(record.input.observation.past.contains { $0.need >= 15 })
        let proposals = record.input.policies.flatMap(\.proposals)
        let run = proposals.first?.reason.split(separator: " ").last.flatMap { Int($0) }
        #expect(try #require(run) > before.count)
    }

    @Test func overlapsFallBackRightlyAcrossKills() async throws {
        let calm = """
            return persona {
              name = "calm", capacity = { request_rate = 10 }, cost = { per_hour = 9, shortfall = 20 },
              templates = { ["/etc/app.conf"] = "mode=calm\\n" },
            }
            """
        let fleet = Bench.fleet("shop").replacing("\"safe\" }", with: "\"safe\", \"calm\" }")
        var bench = try Bench(["policies/personas/calm.lua": calm, "policies/fleets/shop.lua": fleet])
        try await bench.control.start()
        await bench.control.step()
        for (persona, minutes, priority) in [
            ("safe", nil, Assignment.Priority.policy), ("calm", 30, .person), ("safe", 5, .person), ("web", 10, .trial),
        ] as [(String, Int64?, Assignment.Priority)] {
            bench.clock.advance(.seconds(1))
            _ = try await bench.control.assign(
                AssignmentRequest(
                    subject: .resource("shop-1"),
                    persona: persona,
                    duration: minutes.map { .minutes($0) },
                    priority: priority,
                    reason: "because"
                ),
                by: "ada",
                dryRun: false
            )
        }
        func personaAfterAKill(_ span: TimeSpan) async throws -> String {
            bench = try bench.killed()
            bench.clock.advance(span)
            try await bench.control.start()
            await bench.control.step()
            let name = try await bench.control.resource("shop-1").resource.persona
            let file = try bench.world().now { $0.files(of: "shop-1").first?.contents }
            #expect(file?.hasPrefix("mode=\(name)\n") == true)
            return name
        }
        // The person's last word, then her first one (the trial's was below it and has ended meanwhile), then the policy's.
        #expect(try await personaAfterAKill(.seconds(1)) == "safe")
        #expect(try await personaAfterAKill(.minutes(6)) == "calm")
        #expect(try await personaAfterAKill(.minutes(20)) == "calm")
        #expect(try await personaAfterAKill(.minutes(5)) == "safe")
        #expect(try await personaAfterAKill(.days(30)) == "safe")
    }

    @Test func aFleetThatComesBackKnowsItsPast() async throws {
        let settled = Bench.fleet("depot").replacing("max = 50", with: "max = 50, settle = \"10m\"")
        let bench = try Bench(["policies/fleets/depot.lua": settled])
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 1500, fleet: "depot")
        let target = try #require(try bench.decisions("depot").last?.target)
        #expect(target >= 15)
        _ = try await bench.control.load(files: bench.uploaded, by: "ada", reason: "without it")
        #expect(await bench.control.fleets().map(\.name) == ["shop"])
        #expect(await bench.control.collectionPlan(for: "depot-1") == nil)
        _ = try await bench.control.rollback(to: 1, by: "ada", reason: "with it")
        bench.clock.advance(.seconds(1))
        try bench.report("request_rate", 300, fleet: "depot")
        await bench.control.step()
        let record = try await bench.control.decisionRecord(of: "depot", at: nil)
        #expect(record.input.observation.past.contains { $0.need >= 15 })
        #expect(record.decision.target >= target)
    }

    @Test func startTimesAreLearnedAndKept() async throws {
        let slow = PersonaBehaviour(persona: "", startup: .minutes(4), spread: 0, draining: .zero)
        var bench = try Bench(behaviour: slow)
        try await bench.control.start()
        for demand in [400.0, 900, 1500, 2200, 3000] { try await bench.run(.minutes(10), demand: demand) }
        let lead = try #require(try await bench.control.fleet(named: "shop").forecast?.leadTime)
        #expect(lead == .minutes(4))
        bench = try bench.killed()
        try await bench.control.start()
        try bench.report("request_rate", 3000)
        await bench.control.step()
        #expect(try await bench.control.fleet(named: "shop").forecast?.leadTime == .minutes(4))
    }

    @Test func forecastsAreTrainedFromWhatIsStored() async throws {
        let bench = try Bench()
        let load = Workload(
            start: bench.clock.now - .days(3),
            step: .minutes(1),
            count: 3 * 1440,
            seed: 3,
            parts: [.base(1000), .daily(swing: 0.7, peakHour: 20)]
        )
        let trace = load.trace(named: "past")
        let key = SeriesKey("request_rate", labels: [Setting(name: "fleet", value: "shop")])
        try bench.kpis.append(
            (0..<trace.count).map { Sample(at: trace.timestamp(at: $0), value: trace.values[$0]) },
            to: key
        )
        try await bench.control.start()
        // Usable before the model is there.
        await bench.control.step(trains: false)
        #expect(try bench.decisions().count == 1)
        bench.clock.advance(.seconds(15))
        await bench.control.step()
        bench.clock.advance(.seconds(15))
        await bench.control.step()
        let isTrained = bench.events.all.contains { if case .trained("shop", _) = $0 { true } else { false } }
        #expect(isTrained)
        let forecast = try #require(try await bench.control.fleet(named: "shop").forecast)
        #expect(forecast.trust > 0)
        let truth = trace.values[trace.count - 1]
        #expect(abs(forecast.median - truth) < 0.1 * truth)
    }
}
