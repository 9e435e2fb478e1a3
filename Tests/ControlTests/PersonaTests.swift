import Control
import Domain
import Foundation
import KPIStore
import Simulation
import StateStore
import TestSupport
import Testing

/// Assignments: who holds, what is written, what holds again.
@Suite(.inTurn)
struct PersonaTests {
    private func started(_ files: [String: String?] = [:]) async throws -> Bench {
        let bench = try Bench(files)
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        return bench
    }

    private func request(
        _ persona: String,
        of resource: String = "shop-1",
        for duration: TimeSpan? = nil,
        priority: Assignment.Priority = .person
    ) -> AssignmentRequest {
        AssignmentRequest(
            subject: .resource(resource),
            persona: persona,
            duration: duration,
            priority: priority,
            reason: "because"
        )
    }

    private func persona(_ bench: Bench, _ id: String = "shop-1") async throws -> String {
        try await bench.control.resource(id).resource.persona
    }

    private func file(_ bench: Bench, _ id: String = "shop-1") throws -> String? {
        try bench.world().now { $0.files(of: id).first?.contents }
    }

    @Test func anAssignmentIsWrittenAndRevertsAtItsEnd() async throws {
        let bench = try await started()
        #expect(try file(bench) == "mode=web\nid=shop-1\n")
        let effects = try await bench.control.assign(request("safe", for: .minutes(2)), by: "ada", dryRun: false)
        #expect(effects.map(\.personaBefore) == ["web"])
        #expect(effects.map(\.personaAfter) == ["safe"])
        #expect(effects.first?.until == bench.clock.now + .minutes(2))
        bench.clock.advance(TimeSpan(milliseconds: 250))
        await bench.control.step()
        #expect(try await persona(bench) == "safe")
        #expect(try file(bench) == "mode=safe\nid=shop-1\n")
        let status = try await bench.control.resource("shop-1")
        #expect(status.assignment?.assignment.by == "ada")
        // Not a moment before its end, and at once then.
        bench.clock.advance(TimeSpan(milliseconds: 119_749))
        await bench.control.step()
        #expect(try await persona(bench) == "safe")
        bench.clock.advance(TimeSpan(milliseconds: 1))
        await bench.control.step()
        if try await persona(bench) != "web" {
            bench.clock.advance(TimeSpan(milliseconds: 250))
            await bench.control.step()
        }
        #expect(try await persona(bench) == "web")
        #expect(try file(bench) == "mode=web\nid=shop-1\n")
        #expect(try await bench.control.resource("shop-1").assignment == nil)
        #expect(
            try await bench.control.assignmentHistory(of: "shop-1").assignments.map(\.assignment.persona) == [
                "web", "safe",
            ]
        )
    }

    /// `safe` is the dearer persona, and would go first were it not a person's word.
    @Test func scaleInSparesWhatAPersonHasAssigned() async throws {
        let bench = try await started()
        try await bench.run(.minutes(20), demand: 500)
        _ = try await bench.control.assign(request("safe", for: .hours(4)), by: "ada", dryRun: false)
        try await bench.run(.minutes(2), demand: 500)
        let before = try await bench.control.fleet(named: "shop").ready
        #expect(before > 4)
        try await bench.run(.minutes(90), demand: 60)
        #expect(try await bench.control.fleet(named: "shop").ready < before)
        #expect(try await persona(bench) == "safe")
    }

    @Test func overlapsGoByPriorityThenRecency() async throws {
        let bench = try await started([
            "policies/personas/calm.lua": """
            return persona {
              name = "calm",
              capacity = { request_rate = 10 },
              cost = { per_hour = 1, shortfall = 20 },
            }
            """,
            "policies/fleets/shop.lua": Bench.fleet("shop").replacing("\"safe\" }", with: "\"safe\", \"calm\" }"),
        ])
        func step(_ span: TimeSpan = .seconds(1)) async throws -> String {
            bench.clock.advance(span)
            await bench.control.step()
            return try await persona(bench)
        }
        _ = try await bench.control.assign(request("calm", for: .minutes(30)), by: "ada", dryRun: false)
        #expect(try await step() == "calm")
        _ = try await bench.control.assign(request("safe", for: .minutes(5)), by: "bob", dryRun: false)
        #expect(try await step() == "safe")
        // A policy's word does not stand above a person's.
        _ = try await bench.control.assign(request("web", priority: .policy), by: "policy", dryRun: false)
        #expect(try await step() == "safe")
        #expect(try await step(.minutes(5)) == "calm")
        let effect = try await bench.control.release(resource: "shop-1", by: "ada", dryRun: false)
        #expect(effect.personaAfter == "web")
        #expect(try await step() == "web")
        await #expect(throws: ControlError.self) {
            _ = try await bench.control.release(resource: "shop-1", by: "ada", dryRun: false)
        }
    }

    @Test func assignmentsAndTheirEndsOutliveAKill() async throws {
        var bench = try await started()
        _ = try await bench.control.assign(request("safe", for: .minutes(10)), by: "ada", dryRun: false)
        _ = try await bench.control.assign(request("safe", of: "shop-2", for: .minutes(2)), by: "ada", dryRun: false)
        bench.clock.advance(.seconds(1))
        await bench.control.step()
        bench = try bench.killed()
        // While nobody looked, one of them ended.
        bench.clock.advance(.minutes(5))
        try await bench.control.start()
        await bench.control.step()
        #expect(try await persona(bench) == "safe")
        #expect(try await persona(bench, "shop-2") == "web")
        #expect(try file(bench, "shop-2") == "mode=web\nid=shop-2\n")
        bench = try bench.killed()
        try await bench.control.start()
        await bench.control.step()
        bench.clock.advance(.minutes(5))
        await bench.control.step()
        #expect(try await persona(bench) == "web")
        #expect(try file(bench) == "mode=web\nid=shop-1\n")
    }

    /// A driver that does not answer what it was given would else be given it again at each look, for ever.
    @Test func filesThatNeverHoldAreGivenLessAndLessOftenAndThatIsSaid() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock) { _, persona in .exact(persona.name, lead: .seconds(90)) })
        let bench = try Bench([:], clock: clock, drivers: odd)
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 100)
        odd.set("shop", .answersOtherFiles)
        let before = odd.calls(of: "shop").count { $0 == "shop-1" }
        try await bench.run(.hours(1), demand: 100)
        // Each quarter of a minute it would be 240.
        let repairs = odd.calls(of: "shop").count { $0 == "shop-1" } - before
        #expect(repairs >= 10 && repairs <= 20, "\(repairs)")
        let notes = try await bench.control.fleet(named: "shop").notes
        #expect(notes.contains { $0.contains("seems to have other files after 3 repairs") }, "\(notes)")
        // What is right again is repaired at once when it drifts again.
        odd.set("shop", .fine)
        try await bench.run(.minutes(6), demand: 100)
        #expect(try await !bench.control.fleet(named: "shop").notes.contains { $0.contains("repairs") })
    }

    /// Many services do not say when something was started: to a new process all is first seen now, and is the same all the same.
    @Test func anAssignmentRevertsAfterAKillAlsoWhereTheDriverDoesNotSayWhenResourcesCame() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock) { _, persona in .exact(persona.name, lead: .seconds(90)) })
        odd.set("shop", .forgetsSince(clock.now))
        var bench = try Bench([:], clock: clock, drivers: odd)
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        clock.advance(.minutes(3))
        await bench.control.step()
        let id = try #require(try await bench.control.resources(fleet: "shop", labels: []).first?.resource.id)
        _ = try await bench.control.assign(request("safe", of: id, for: .minutes(10)), by: "ada", dryRun: false)
        clock.advance(.seconds(1))
        await bench.control.step()
        #expect(try await persona(bench, id) == "safe")
        clock.advance(.minutes(1))
        odd.set("shop", .forgetsSince(clock.now))
        bench = try bench.killed(drivers: odd)
        try await bench.control.start()
        await bench.control.step()
        #expect(try await persona(bench, id) == "safe")
        clock.advance(.minutes(12))
        await bench.control.step()
        #expect(try await persona(bench, id) == "web")
        let history = try await bench.control.assignmentHistory(of: id).assignments
        #expect(history.map(\.assignment.persona) == ["web", "safe"])
    }

    @Test func theEndIsATimerOfTheLoop() async throws {
        let bench = try await started([
            "policies/fleets/shop.lua": Bench.fleet("shop", extra: "grid = \"5m\", interval = \"5m\",")
        ])
        let control = bench.control
        let running = Task { await control.run() }
        _ = try await bench.control.assign(request("safe", for: .minutes(2)), by: "ada", dryRun: false)
        bench.clock.advance(.seconds(1))
        await bench.events.wait { if case .configured("shop", "shop-1", "safe", _) = $0 { true } else { false } }
        bench.clock.advance(.minutes(2))
        // The first time that it became web was its start.
        await bench.events.wait(for: 2) { if case .configured("shop", "shop-1", "web", _) = $0 { true } else { false } }
        running.cancel()
        await running.value
        #expect(try await persona(bench) == "web")
    }

    @Test func aDryRunShowsTheDifferenceAndChangesNothing() async throws {
        let bench = try await started()
        let effects = try await bench.control.assign(request("safe"), by: "ada", dryRun: true)
        #expect(
            effects.first?.diffs == [
                AssignmentEffect.FileDiff(
                    path: "/etc/app.conf",
                    diff: "--- /etc/app.conf\n+++ /etc/app.conf\n@@ -1,2 +1,2 @@\n-mode=web\n+mode=safe\n id=shop-1\n"
                )
            ]
        )
        bench.clock.advance(.seconds(20))
        await bench.control.step()
        #expect(try await persona(bench) == "web")
        #expect(try await bench.control.assignmentHistory(of: "shop-1").assignments.isEmpty)
    }

    @Test func driftIsRepaired() async throws {
        let bench = try await started()
        _ = try bench.world()
            .now { fleet in
                fleet.configure("shop-2", files: [ConfigTemplate(path: "/etc/app.conf", contents: "mode=mine\n")])
            }
        bench.clock.advance(.seconds(15))
        await bench.control.step()
        #expect(try file(bench, "shop-2") == "mode=web\nid=shop-2\n")
        #expect(
            bench.events.all.contains(.configured(fleet: "shop", resource: "shop-2", persona: "web", isRepair: true))
        )
    }

    @Test func manyAtOnceByLabel() async throws {
        let bench = try await started()
        let all = AssignmentRequest(
            subject: .selector(fleet: "shop", labels: []),
            persona: "safe",
            duration: .minutes(1),
            reason: "all of them"
        )
        #expect(try await bench.control.assign(all, by: "ada", dryRun: false).count == 2)
        bench.clock.advance(.seconds(1))
        await bench.control.step()
        #expect(try await persona(bench, "shop-2") == "safe")
        let none = AssignmentRequest(
            subject: .selector(fleet: nil, labels: [Setting(name: "zone", value: "a")]),
            persona: "safe",
            reason: ""
        )
        await #expect(throws: ControlError.self) { _ = try await bench.control.assign(none, by: "ada", dryRun: false) }
    }

    @Test func whatCannotBeIsRefusedAndNothingIsHalfDone() async throws {
        let bench = try await started()
        func kind(_ request: AssignmentRequest) async -> ControlError.Kind? {
            do {
                _ = try await bench.control.assign(request, by: "ada", dryRun: false)
                return nil
            } catch {
                return error.kind
            }
        }
        #expect(await kind(request("saef")) == .invalid)
        #expect(await kind(request("safe", of: "shop-99")) == .notFound)
        #expect(await kind(request("safe", for: .zero)) == .invalid)
        #expect(await kind(request("safe", priority: .default)) == .invalid)
        #expect(try bench.store.assignments(at: bench.clock.now).isEmpty)
    }

    @Test func whatPoliciesAssignIsOnceAssigned() async throws {
        let bench = try await started([
            "policies/scaling/quiet.lua": """
            local policy = { name = "quiet" }
            function policy.propose(ctx)
              return assign("shop-2", "safe", "10m", "it handles payments")
            end
            return policy
            """
        ])
        for _ in 0..<12 {
            bench.clock.advance(.seconds(15))
            await bench.control.step()
        }
        #expect(try await persona(bench, "shop-2") == "safe")
        let history = try await bench.control.assignmentHistory(of: "shop-2").assignments
        #expect(history.map(\.assignment.priority) == [.default, .policy])
    }

    @Test func readingsCountForThePersonaThatAPolicyAssigned() async throws {
        let bench = try await started([
            "policies/scaling/quiet.lua": """
            local policy = { name = "quiet" }
            function policy.propose(ctx)
              if ctx.demand:last() > 120 then return assign("shop-2", "safe", "1h", "it handles payments") end
            end
            return policy
            """
        ])
        func mean(_ persona: String) throws -> Double? {
            let end = bench.clock.now
            let grid = try WindowGrid(from: end - .minutes(1), to: end, step: .minutes(1))
            return try bench.rollups
                .window(
                    fleet: "shop",
                    kpi: "latency_ms",
                    persona: persona,
                    resource: nil,
                    .mean,
                    on: grid
                )
                .first
        }
        try bench.report("latency_ms", 20, instance: "shop-2")
        bench.clock.advance(.seconds(15))
        try bench.report("request_rate", 180)
        await bench.control.step()
        bench.clock.advance(.minutes(2))
        try bench.report("latency_ms", 70, instance: "shop-2")
        bench.clock.advance(.seconds(45))
        try bench.rollups.maintain(at: bench.clock.now)
        #expect(try await persona(bench, "shop-2") == "safe")
        let notes = try await bench.control.fleet(named: "shop").notes
        #expect(notes == [], "\(notes) \(bench.events.all)")
        #expect(try mean("safe") == 70)
        #expect(try #require(try mean("web")).isNaN)
    }

    @Test func anAgentOfAResourceThatIsGoneIsToldNothing() async throws {
        let bench = try await started()
        #expect(await bench.control.collectionPlan(for: "shop-2") != nil)
        _ = try bench.world().now { $0.retire(["shop-2"], key: "outage") }
        bench.clock.advance(.minutes(5))
        await bench.control.step()
        #expect(await bench.control.collectionPlan(for: "shop-2") == nil)
        await #expect(throws: ControlError.self) { _ = try await bench.control.resource("shop-2") }
    }

    @Test func anAgentIsToldWhatItsPersonaAsks() async throws {
        let bench = try await started()
        var plan = try #require(await bench.control.collectionPlan(for: "shop-1"))
        #expect(plan.persona == "web")
        #expect(plan.kpis.map(\.name) == ["latency_ms", "request_rate"])
        _ = try await bench.control.assign(request("safe"), by: "ada", dryRun: false)
        plan = try #require(await bench.control.collectionPlan(for: "shop-1"))
        #expect(plan.persona == "safe")
        #expect(plan.kpis.map(\.name) == ["request_rate"])
        #expect(await bench.control.collectionPlan(for: "nobody") == nil)
    }
}
