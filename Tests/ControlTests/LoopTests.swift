import Control
import Decision
import Domain
import Foundation
import Simulation
import StateStore
import TestSupport
import Testing

/// Readings come in, decisions come out, fleets follow.
@Suite(.inTurn)
struct LoopTests {
    @Test func aFleetFollowsItsDemand() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try await bench.run(.minutes(10), demand: 950)
        let status = try await bench.control.fleet(named: "shop")
        #expect(status.demand == 950)
        #expect(status.demandStatus == "ok")
        #expect(status.ready >= 10)
        #expect(status.ready <= 12)
        #expect(status.notes.isEmpty)
        let last = try #require(try bench.decisions().last)
        #expect(last.target == status.target)
        #expect(last.outcome == "hold")
    }

    @Test func arrivalsAreAnsweredAtMostEveryGap() async throws {
        let bench = try Bench()
        try await bench.control.start()
        #expect(await bench.control.step() == 1)
        for _ in 0..<10 {
            bench.clock.advance(TimeSpan(milliseconds: 50))
            try bench.report("request_rate", 100)
            await bench.control.step()
        }
        // Half a second: two gaps of 250 ms.
        #expect(try bench.decisions().count == 3)
    }

    @Test func whatNobodyReadsWakesNobody() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        let before = try bench.decisions().count
        bench.clock.advance(.seconds(2))
        try bench.report("latency_ms", 20, instance: "shop-1")
        await bench.control.step()
        #expect(try bench.decisions().count == before)
        bench.clock.advance(.seconds(2))
        try bench.report("request_rate", 101)
        await bench.control.step()
        #expect(try bench.decisions().count == before + 1)
    }

    @Test func whatAPolicyReadWakesItsFleet() async throws {
        let looks = """
            local policy = { name = "quiet" }
            function policy.propose(ctx)
              local latency = ctx.kpi("latency_ms")
              if latency.status == "ok" and latency:last() > 250 then return scale_to(9, "slow") end
            end
            return policy
            """
        let bench = try Bench(["policies/scaling/quiet.lua": looks])
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        bench.clock.advance(.seconds(2))
        try bench.report("latency_ms", 900, instance: "shop-1")
        await bench.control.step()
        let last = try #require(try bench.decisions().last)
        #expect(last.at == bench.clock.now)
        #expect(last.target == 9)
    }

    @Test func everyFleetIsDecidedEachInterval() async throws {
        let bench = try Bench()
        try await bench.control.start()
        for _ in 0..<8 {
            await bench.control.step()
            bench.clock.advance(.seconds(15))
        }
        #expect(try bench.decisions().count == 8)
        await bench.control.step()
        bench.clock.advance(.seconds(14))
        #expect(await bench.control.step() == 0)
    }

    @Test func theWholeTraceIsKeptWhenSomethingChangesAndEachFiveMinutes() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try await bench.run(.minutes(40), demand: 500)
        let decisions = try bench.decisions()
        var traced: StoredDecision?
        for decision in decisions {
            #expect(decision.inputDigest.count == 64)
            if case .full = decision.trace {
                traced = decision
                continue
            }
            let last = try #require(traced)
            #expect(decision.outcome == last.outcome)
            #expect(decision.reason == last.reason)
            #expect(decision.at - last.at < .minutes(5))
        }
        let lines = decisions.count { $0.trace == .digest }
        #expect(lines > decisions.count / 2)
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        #expect(record.isReproduced)
    }

    @Test func modesThatDoNotActDoNothing() async throws {
        for mode in ["observe", "advise", "approve"] {
            let bench = try Bench(["policies/fleets/shop.lua": Bench.fleet("shop", mode: mode)])
            try await bench.control.start()
            let before = try bench.world().now { $0.resources() }
            try await bench.run(.minutes(3), demand: 2000)
            #expect(try bench.world().now { $0.resources() } == before)
            #expect(try bench.world().now { fleet in before.map { fleet.files(of: $0.id) } }.allSatisfy(\.isEmpty))
            let last = try #require(try bench.decisions().last)
            #expect(last.outcome == (mode == "approve" ? "await" : "advise"))
            #expect(last.target > last.current)
            #expect(!bench.events.all.contains { if case .acted = $0 { true } else { false } })
        }
    }

    @Test func whatCannotBeStoredIsNotDone() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        // Another process holds the database's only page of writing for good.
        let wall = try StateStore(path: bench.data.file("state.db"))
        try wall.record(
            EvaluationBatch(decisions: [
                StoredDecision(
                    fleet: "shop",
                    at: bench.clock.now + .seconds(20),
                    outcome: "hold",
                    current: 2,
                    target: 2,
                    reason: "",
                    inputDigest: "",
                    trace: .digest
                )
            ])
        )
        bench.clock.advance(.seconds(20))
        try bench.report("request_rate", 3000)
        await bench.control.step()
        #expect(try bench.world().now { $0.billed } == 2)
        #expect(bench.events.all.contains { if case .notRecorded = $0 { true } else { false } })
        #expect(try await bench.control.fleet(named: "shop").notes.contains { $0.contains("cannot be stored") })
    }

    @Test func underAFloodAFleetIsDecidedAtMostFourTimesASecond() async throws {
        let bench = try Bench(["policies/fleets/depot.lua": Bench.fleet("depot")])
        try await bench.control.start()
        for index in 0..<1000 {
            bench.clock.advance(TimeSpan(milliseconds: 20))
            try bench.report("request_rate", Double(100 + index))
            await bench.control.step()
        }
        let times = try bench.decisions().map(\.at)
        #expect(times.count <= 81)
        #expect(times.count >= 75)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= TimeSpan(milliseconds: 250) })
        // The other fleet, of which nothing is heard, keeps its interval: 0, 15 s.
        #expect(try bench.decisions("depot").count == 2)
    }

    @Test func whatNobodyReadsDoesNotPutOffTheInterval() async throws {
        let bench = try Bench()
        try await bench.control.start()
        for _ in 0..<600 {
            await bench.control.step()
            bench.clock.advance(TimeSpan(milliseconds: 100))
            try bench.report("latency_ms", 20, instance: "shop-1")
        }
        let times = try bench.decisions().map(\.at)
        #expect(times.count == 4)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 <= .seconds(15) })
    }

    /// The driver takes its time, another one each time, so an evaluation begins a little after it was due.
    @Test func aDriverThatTakesItsTimeDoesNotStretchTheInterval() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        let bench = try Bench(clock: clock, drivers: odd)
        try await bench.control.start()
        let begin = clock.now
        for delay: Int64 in [80, 10, 60, 0, 40, 5] {
            odd.set("shop", .takes(TimeSpan(milliseconds: delay), clock))
            await bench.control.step()
            clock.advance(to: begin + TimeSpan(milliseconds: ((clock.now - begin).milliseconds / 15_000 + 1) * 15_000))
        }
        #expect(try bench.decisions().count == 6)
    }

    @Test func readingsOfOneInstantAreEachNews() async throws {
        let bench = try Bench()
        try await bench.control.start()
        await bench.control.step()
        bench.clock.advance(.seconds(1))
        let time = bench.clock.now
        for instance in ["shop-1", "shop-2"] {
            try bench.report("request_rate", 400, instance: instance, at: time)
            await bench.control.step()
            bench.clock.advance(.seconds(1))
        }
        #expect(try bench.decisions().count == 3)
        #expect(try await bench.control.fleet(named: "shop").demand == 800)
    }

    @Test func whatWasNotStoredWasNeverDecided() async throws {
        let counts = """
            local policy = { name = "quiet" }
            function policy.propose(ctx)
              local n = (ctx.state.n or 0) + 1
              return at_least(2, "run " .. n), { n = n }
            end
            return policy
            """
        let bench = try Bench(["policies/scaling/quiet.lua": counts])
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        let before = try #require(try await bench.control.fleet(named: "shop").lastDecision)
        // The instant of the next decision is taken already, so that it is refused.
        bench.clock.advance(.seconds(20))
        try bench.store.record(
            EvaluationBatch(decisions: [
                StoredDecision(
                    fleet: "shop",
                    at: bench.clock.now,
                    outcome: "hold",
                    current: 2,
                    target: 2,
                    reason: "",
                    inputDigest: "",
                    trace: .digest
                )
            ])
        )
        try bench.report("request_rate", 3000)
        await bench.control.step()
        let status = try await bench.control.fleet(named: "shop")
        #expect(status.lastDecision == before)
        #expect(status.notes.contains { $0.contains("cannot be stored") })
        bench.clock.advance(.seconds(20))
        await bench.control.step()
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        #expect(record.input.policies.flatMap(\.proposals).map(\.reason) == ["run 2"])
        #expect(record.input.observation.past.map(\.at) == [before.at])
    }
}
