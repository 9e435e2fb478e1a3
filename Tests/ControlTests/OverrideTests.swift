import Control
import Decision
import Domain
import Simulation
import StateStore
import TestSupport
import Testing

/// A person steps in for a while, and Troupe stands back where others are at work.
@Suite(.inTurn)
struct OverrideTests {
    private func count(_ bench: Bench, _ fleet: String = "shop") throws -> Int {
        try bench.world(fleet).now { $0.ready + $0.starting }
    }

    @Test func aPauseHoldsForItsTimeAndSurvivesAKill() async throws {
        var bench = try Bench()
        try await bench.control.start()
        try await bench.run(.seconds(15), demand: 100)
        let said = try await bench.control.override(
            OverrideRequest(fleet: "shop", change: .pause(.all), duration: .minutes(10), reason: "a look"),
            by: "ada"
        )
        #expect(said.word.until == bench.clock.now + .minutes(10))
        try await bench.run(.minutes(2), demand: 900)
        #expect(try count(bench) == 2)
        #expect(try await bench.control.fleet(named: "shop").notes.contains { $0.hasPrefix("paused by ada until ") })
        let record = try await bench.control.decisionRecord(of: "shop", at: nil)
        #expect(record.decision.reason.contains("paused by ada") && record.isReproduced)
        bench = try bench.killed()
        try await bench.control.start()
        try await bench.run(.minutes(2), demand: 900)
        #expect(try count(bench) == 2)
        try await bench.run(.minutes(8), demand: 900)
        #expect(try count(bench) >= 9)
        #expect(try await bench.control.overrides(of: "shop").isEmpty)
    }

    @Test func allFleetsArePausedAndResumedTogether() async throws {
        let bench = try Bench(["policies/fleets/depot.lua": Bench.fleet("depot")])
        try await bench.control.start()
        await bench.control.step()
        _ = try await bench.control.override(OverrideRequest(fleet: nil, change: .pause(.all)), by: "ada")
        for _ in 0..<4 {
            bench.clock.advance(.seconds(15))
            try bench.report("request_rate", 900)
            try bench.report("request_rate", 900, fleet: "depot")
            await bench.control.step()
        }
        #expect(try count(bench) == 2 && count(bench, "depot") == 2)
        let one = await #expect(throws: ControlError.self) { try await bench.control.resume(fleet: "shop", by: "ada") }
        #expect(one?.message.contains("paused with all others") == true)
        #expect(try await bench.control.resume(fleet: nil, by: "bob").count == 1)
        let none = await #expect(throws: ControlError.self) { try await bench.control.resume(fleet: nil, by: "bob") }
        #expect(none?.kind == .conflict)
        try await bench.run(.seconds(30), demand: 900)
        #expect(try count(bench) >= 9)
    }

    @Test func aFleetIsScaledByAPersonForAWhile() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try await bench.run(.seconds(15), demand: 100)
        let scale = OverrideRequest.Change.scale(min: 30, max: nil)
        _ = try await bench.control.override(
            OverrideRequest(fleet: "shop", change: scale, duration: .hours(2), reason: "launch"),
            by: "ada"
        )
        bench.clock.advance(.seconds(1))
        await bench.control.step()
        #expect(try count(bench) == 30)
        // The last word counts, and both kinds stand beside each other.
        _ = try await bench.control.override(
            OverrideRequest(fleet: "shop", change: .scale(min: 20, max: 25)),
            by: "bob"
        )
        _ = try await bench.control.override(OverrideRequest(fleet: "shop", change: .pause(.out)), by: "bob")
        #expect(try await bench.control.overrides(of: "shop").count == 2)
        try await bench.run(.minutes(3), demand: 100)
        #expect(try (20...25).contains(count(bench)))
        _ = try await bench.control.resume(fleet: "shop", by: "ada")
        try await bench.run(.minutes(3), demand: 100)
        #expect(try count(bench) == 2)
    }

    @Test func whatMakesNoSenseIsRefused() async throws {
        let bench = try Bench()
        try await bench.control.start()
        for (request, words) in [
            (OverrideRequest(fleet: "shp", change: .pause(.all)), "Did you mean \"shop\"?"),
            (OverrideRequest(fleet: "shop", change: .scale(min: 51, max: nil)), "min 2 and max 50"),
            (OverrideRequest(fleet: "shop", change: .scale(min: nil, max: 1)), "min 2 and max 50"),
            (OverrideRequest(fleet: "shop", change: .scale(min: 9, max: 5)), "above the maximum"),
            (OverrideRequest(fleet: "shop", change: .scale(min: nil, max: nil)), "Say a minimum"),
            (OverrideRequest(fleet: nil, change: .scale(min: 9, max: nil)), "Name a fleet"),
            (OverrideRequest(fleet: "shop", change: .pause(.all), duration: .zero), "say how long"),
            (OverrideRequest(fleet: "shop", change: .pause(.all), duration: .days(40_000)), "100 years"),
        ] {
            let error = await #expect(throws: ControlError.self) {
                try await bench.control.override(request, by: "ada")
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        let idle = await #expect(throws: ControlError.self) { try await bench.control.resume(fleet: "shop", by: "ada") }
        #expect(idle?.message.contains("nothing to resume") == true)
        #expect(try await bench.control.overrides(of: nil).isEmpty)
    }

    @Test func aFleetThatOthersChangeIsHeldAndVisible() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try await bench.run(.minutes(3), demand: 900)
        for round in 1...3 {
            try bench.world().now { fleet in _ = fleet.provision(count: 2, persona: "web", key: "autoscaler \(round)") }
            try await bench.run(.seconds(15), demand: 900)
            let notes = try await bench.control.fleet(named: "shop").notes
            #expect(notes.contains { $0.hasPrefix("contended: ") })
            #expect(notes.contains { $0.contains("paused by troupe: contended") } == (round == 3))
        }
        let before = try count(bench)
        try await bench.run(.hours(2), demand: 4000, every: .minutes(1))
        #expect(try count(bench) == before)
        #expect(bench.events.all.contains { if case .contended(_, _, isHeld: true) = $0 { true } else { false } })
        _ = try await bench.control.resume(fleet: "shop", by: "ada")
        try await bench.run(.minutes(1), demand: 4000)
        #expect(try count(bench) >= 40)
    }

    @Test func whereTroupeOnlyLooksOnOthersMayAct() async throws {
        let bench = try Bench(["policies/fleets/shop.lua": Bench.fleet("shop", mode: "advise")])
        try await bench.control.start()
        for round in 1...4 {
            try await bench.run(.seconds(30), demand: 900)
            try bench.world().now { fleet in _ = fleet.provision(count: 2, persona: "web", key: "autoscaler \(round)") }
        }
        #expect(try await bench.control.fleet(named: "shop").notes.allSatisfy { !$0.contains("contended") })
        #expect(try await bench.control.overrides(of: "shop").isEmpty)
        #expect(try bench.store.actions(ActionSelection()).isEmpty)
    }

    @Test func ownChangesAndDeathsAreNoContest() async throws {
        let bench = try Bench()
        try await bench.control.start()
        for demand in [900.0, 300, 1500, 200] { try await bench.run(.minutes(12), demand: demand, every: .seconds(30)) }
        try bench.world().now { fleet in _ = fleet.retire([fleet.resources()[0].id], key: "it died") }
        try await bench.run(.minutes(1), demand: 200)
        #expect(try await bench.control.fleet(named: "shop").notes.allSatisfy { !$0.contains("contended") })
    }

    @Test func allFleetsTogetherKeepWithinTheirBudget() async throws {
        var settings = ControlSettings()
        settings.costPerHour = 24
        settings.starts = 6
        let files = Dictionary(
            uniqueKeysWithValues: (1...5).map { ("policies/fleets/f\($0).lua", Bench.fleet("f\($0)")) }
        )
        let bench = try Bench(files.mapValues(Optional.some), settings: settings)
        try await bench.control.start()
        let fleets = ["shop"] + (1...5).map { "f\($0)" }
        for _ in 0..<60 {
            bench.clock.advance(.seconds(15))
            for fleet in fleets { try bench.report("request_rate", 1500, fleet: fleet) }
            await bench.control.step()
            let worlds = try fleets.map { try bench.world($0).now { ($0.ready, $0.starting) } }
            #expect(worlds.reduce(0) { $0 + $1.0 + $1.1 } <= 24)
            #expect(worlds.reduce(0) { $0 + $1.1 } <= 6)
        }
        let all = try fleets.map { try count(bench, $0) }
        #expect(all.reduce(0, +) == 24)
    }
}
