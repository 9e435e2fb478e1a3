import Control
import Decision
import Domain
import Foundation
import Simulation
import StateStore
import TestSupport
import Testing

/// What was decided is done once, or known not to have been done.
@Suite(.inTurn)
struct JournalTests {
    private func bench(
        _ faults: FaultyDrivers.Faults = FaultyDrivers.Faults(),
        fleet: String = Bench.fleet("shop")
    ) async throws -> (Bench, FaultyDrivers) {
        let clock = ManualClock()
        let odd = FaultyDrivers(
            SimulatedDrivers(clock: clock) { _, persona in .exact(persona.name, lead: .seconds(90)) },
            clock: clock
        )
        let bench = try Bench(["policies/fleets/shop.lua": fleet], clock: clock, drivers: odd)
        odd.set(faults)
        try await bench.control.start()
        return (bench, odd)
    }

    private func serving(_ odd: FaultyDrivers) throws -> Int {
        let world = try #require(odd.inner.driver(of: "shop"))
        return world.now { $0.ready + $0.starting }
    }

    @Test func anActionIsVerifiedByWhatIsSeen() async throws {
        let (bench, _) = try await bench()
        try await bench.run(.minutes(1), demand: 900)
        let starts = try bench.store.actions(ActionSelection(fleet: "shop")).filter { $0.kind == .start }
        #expect(!starts.isEmpty)
        #expect(starts.allSatisfy { $0.state == .verified })
        #expect(try bench.store.openActions().isEmpty)
        #expect(try starts.allSatisfy { start in try bench.decisions().contains { $0.at == start.decided } })
    }

    /// What a fleet has after minutes of a demand, where nothing goes wrong.
    private func usual(_ minutes: Int64, _ demand: Double, then more: Int64 = 0, _ other: Double = 0) async throws
        -> Int
    {
        let (bench, odd) = try await bench()
        try await bench.run(.minutes(minutes), demand: demand)
        if more > 0 { try await bench.run(.minutes(more), demand: other) }
        return try serving(odd)
    }

    private func started(_ minutes: Int64, _ demand: Double) async throws -> Int {
        let (bench, odd) = try await bench()
        try await bench.run(.minutes(minutes), demand: demand)
        return odd.starts.values.reduce(0, +)
    }

    @Test func aLostAnswerStartsNothingTwice() async throws {
        let (bench, odd) = try await bench(FaultyDrivers.Faults(losing: 1))
        try await bench.run(.minutes(2), demand: 900)
        #expect(try await serving(odd) <= usual(2, 900))
        odd.set(FaultyDrivers.Faults())
        try await bench.run(.minutes(4), demand: 900)
        #expect(try await serving(odd) == usual(6, 900))
        #expect(try bench.store.openActions().isEmpty)
    }

    @Test func whatIsSeenLateIsNotAskedForAgain() async throws {
        let (bench, odd) = try await bench(FaultyDrivers.Faults(lag: .seconds(40)))
        try await bench.run(.minutes(5), demand: 900)
        let usual = try await usual(5, 900)
        #expect(try serving(odd) == usual)
        #expect(try await odd.starts.values.reduce(0, +) == started(5, 900))
        // What leaves late is not made up for, and nothing else is sent after it.
        try await bench.run(.minutes(9), demand: 300)
        #expect(try await serving(odd) == self.usual(5, 900, then: 9, 300))
    }

    @Test func whatNeverAppearsIsGivenUpAndDecidedAnew() async throws {
        let (bench, odd) = try await bench(FaultyDrivers.Faults(lying: 1))
        try await bench.run(.minutes(4), demand: 900)
        let (count, usual) = (try serving(odd), try await usual(4, 900))
        #expect((usual - 1...usual).contains(count))
        #expect(
            try bench.store.openActions()
                .allSatisfy { $0.state != .applied || bench.clock.now - $0.changed <= .minutes(2) }
        )
        let noted = try bench.store.actions(ActionSelection(fleet: "shop")).map(\.note)
        #expect(noted.contains { $0.contains("cannot be seen to be so: ghost-") })
    }

    @Test(arguments: [true, false])
    func afterAKillItIsSeenOrTriedAgainWithTheSameKey(isDone: Bool) async throws {
        let (before, odd) = try await bench()
        try before.report("request_rate", 100)
        await before.control.step()
        before.clock.advance(.seconds(15))
        try before.report("request_rate", 900)
        // All that is written by then is that it is tried; what the loop knows of it dies with the loop.
        odd.set(isDone ? FaultyDrivers.Faults(losing: 1) : FaultyDrivers.Faults(failingChanges: 1))
        await before.control.step()
        let open = try before.store.openActions().filter { $0.kind == .start }
        #expect(open.map(\.state) == [.prechecked])
        odd.set(FaultyDrivers.Faults())
        #expect(try (serving(odd) > 2) == isDone)
        let second = try Bench(after: before, drivers: odd)
        try await second.control.start()
        try await second.run(.seconds(45), demand: 900)
        let first = try #require(open.first)
        let action = try #require(try second.store.action(first.id))
        #expect(action.state == .verified)
        #expect(try await serving(odd) <= usual(2, 900))
        #expect(odd.starts.keys.filter { $0.hasPrefix(action.key) }.count == 1)
        #expect(try second.store.openActions().allSatisfy { second.clock.now - $0.decided < .minutes(1) })
    }

    @Test func anOldPlanIsNotBegun() async throws {
        let (first, odd) = try await bench(FaultyDrivers.Faults(losing: 1))
        try await first.run(.seconds(15), demand: 900)
        let open = try #require(try first.store.openActions().first { $0.kind == .start })
        // The world forgets it, and nobody looks for a day.
        let world = try #require(odd.inner.driver(of: "shop"))
        world.now { fleet in _ = fleet.retire(fleet.resources().filter { $0.state == .starting }.map(\.id), key: "x") }
        odd.set(FaultyDrivers.Faults())
        first.clock.advance(.days(1))
        let second = try Bench(after: first, drivers: odd)
        try await second.control.start()
        try await second.run(.seconds(60), demand: 100)
        let action = try #require(try second.store.action(open.id))
        #expect(action.state == .compensated)
        #expect(action.note.contains("too old"))
    }

    @Test func actionsOfAFleetThatIsGoneEnd() async throws {
        let (first, odd) = try await bench(FaultyDrivers.Faults(losing: 1))
        try await first.run(.seconds(15), demand: 900)
        #expect(try !first.store.openActions().isEmpty)
        let second = try Bench(
            ["policies/fleets/shop.lua": nil, "policies/fleets/other.lua": Bench.fleet("other")],
            after: first,
            drivers: odd
        )
        try await second.control.start()
        #expect(try second.store.openActions().isEmpty)
        #expect(try second.store.actions(ActionSelection(fleet: "shop")).allSatisfy { $0.state.isOver })
    }
}

/// Mode `approve`: a person has the word.
@Suite(.inTurn)
struct ApprovalTests {
    private func bench() async throws -> Bench {
        let bench = try Bench(["policies/fleets/shop.lua": Bench.fleet("shop", mode: "approve")])
        try await bench.control.start()
        try await bench.run(.seconds(30), demand: 900)
        return bench
    }

    private func awaiting(_ bench: Bench) throws -> [StoredAction] {
        try bench.store.openActions().filter { $0.state == .awaiting }
    }

    @Test func aPlanWaitsOnceAndIsCarriedOutWhenApproved() async throws {
        let bench = try await bench()
        #expect(try bench.world().now { $0.ready + $0.starting } == 2)
        let asked = try awaiting(bench)
        #expect(asked.map(\.kind) == [.start])
        try await bench.run(.minutes(1), demand: 930)
        #expect(try awaiting(bench) == asked)
        #expect(try await bench.control.fleet(named: "shop").notes.contains { $0.hasPrefix("awaits approval: start ") })
        let id = try #require(asked.first).id
        let action = try await bench.control.decide(action: id, approve: true, reason: "go", by: "ada")
        #expect(action.state == .planned && action.decidedBy == "ada")
        bench.clock.advance(.seconds(1))
        await bench.control.step()
        #expect(try bench.world().now { $0.ready + $0.starting } > 8)
        try await bench.run(.seconds(15), demand: 930)
        #expect(try #require(try bench.store.action(id)).state == .verified)
        let again = await #expect(throws: ControlError.self) {
            try await bench.control.decide(action: id, approve: true, reason: "", by: "bob")
        }
        #expect(again?.kind == .conflict)
        #expect(again?.message.contains("awaits no word") == true)
    }

    @Test func aRejectedOneIsNeverDone() async throws {
        let bench = try await bench()
        let id = try #require(try awaiting(bench).first).id
        let action = try await bench.control.decide(action: id, approve: false, reason: "no money", by: "ada")
        #expect(action.state == .rejected && action.note == "rejected by ada: no money")
        try await bench.run(.seconds(30), demand: 900)
        #expect(try bench.world().now { $0.ready + $0.starting } == 2)
    }

    @Test func itExpiresAndIsWithdrawnWhenNotNeeded() async throws {
        let bench = try await bench()
        let first = try #require(try awaiting(bench).first)
        try await bench.run(.minutes(16), demand: 900, every: .seconds(60))
        #expect(try #require(try bench.store.action(first.id)).state == .withdrawn)
        let second = try #require(try awaiting(bench).first)
        #expect(second.id != first.id)
        try await bench.run(.minutes(8), demand: 100)
        #expect(try #require(try bench.store.action(second.id)).note == "the fleet no longer needs it")
        let late = await #expect(throws: ControlError.self) {
            try await bench.control.decide(action: first.id, approve: true, reason: "", by: "ada")
        }
        #expect(late?.kind == .conflict)
        let nobody = await #expect(throws: ControlError.self) {
            try await bench.control.decide(action: 999, approve: true, reason: "", by: "ada")
        }
        #expect(nobody?.kind == .notFound)
    }

    @Test func approvalBreaksNoLimit() async throws {
        let bench = try await bench()
        let id = try #require(try awaiting(bench).first).id
        _ = try await bench.control.decide(action: id, approve: true, reason: "", by: "ada")
        _ = try await bench.control.override(
            OverrideRequest(fleet: "shop", change: .scale(min: nil, max: 4)),
            by: "bob"
        )
        bench.clock.advance(.seconds(1))
        await bench.control.step()
        #expect(try bench.world().now { $0.ready + $0.starting } == 2)
        try await bench.run(.seconds(30), demand: 900)
        let action = try #require(try bench.store.action(id))
        #expect(action.state == .compensated)
        #expect(action.note.contains("max is 4"))
    }
}
