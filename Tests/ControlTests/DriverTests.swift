import Control
import Domain
import Drivers
import Foundation
import KPIStore
import Simulation
import StateStore
import TestSupport
import Testing

/// Drivers that hang, fail, or refuse; and the one that is simulated, by the contract of all.
@Suite(.inTurn)
struct DriverTests {
    private func isDecided(_ fleet: String, after time: Timestamp) -> @Sendable (ControlEvent) -> Bool {
        { event in
            if case .decided(fleet, let at, _, _, _) = event { at > time } else { false }
        }
    }

    @Test func aDriverThatHangsHoldsNoOtherFleet() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        let bench = try Bench(["policies/fleets/depot.lua": Bench.fleet("depot")], clock: clock, drivers: odd)
        let control = bench.control
        try await control.start()
        odd.set("depot", .hangs)
        let running = Task { await control.run() }
        let begin = clock.now
        clock.advance(.seconds(1))
        for _ in 0..<20 {
            let now = clock.now
            clock.advance(.seconds(1))
            try bench.report("request_rate", 500)
            await bench.events.wait(isDecided("shop", after: now))
        }
        #expect(try bench.decisions("depot").isEmpty)
        let notes = try await control.fleet(named: "depot").notes
        #expect(notes.contains { $0.contains("has not answered for") && $0.contains("held") })
        odd.set("depot", .fine)
        await bench.events.wait(isDecided("depot", after: begin))
        running.cancel()
        await running.value
        #expect(try await control.fleet(named: "depot").notes.allSatisfy { !$0.contains("has not answered") })
    }

    @Test func aDriverThatFailsIsAskedLaterAndLater() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        let bench = try Bench(clock: clock, drivers: odd)
        try await bench.control.start()
        odd.set("shop", .fails)
        var asked: [Timestamp] = []
        for _ in 0..<240 {
            if await bench.control.step() > 0 { asked.append(clock.now) }
            clock.advance(.seconds(1))
        }
        #expect(zip(asked, asked.dropFirst()).map { $1 - $0 } == [15, 30, 60, 120].map { TimeSpan.seconds($0) })
        #expect(try bench.decisions().isEmpty)
        #expect(try await bench.control.fleet(named: "shop").notes.contains { $0.contains("on fire") })
        odd.set("shop", .fine)
        clock.advance(.minutes(5))
        await bench.control.step()
        #expect(try bench.decisions().count == 1)
        #expect(bench.events.all.contains(.driverRecovered(fleet: "shop")))
    }

    @Test func whatCannotBeCarriedOutIsTriedLaterAndLater() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        let bench = try Bench(clock: clock, drivers: odd)
        try await bench.control.start()
        try bench.report("request_rate", 100)
        await bench.control.step()
        odd.set("shop", .changesNothing)
        let before = try bench.decisions().count
        for _ in 0..<480 {
            clock.advance(TimeSpan(milliseconds: 500))
            try bench.report("request_rate", 900)
            await bench.control.step()
        }
        // After 0, 15, 45, 105, 165, 225 s; what was asked for before is asked for again, with what has come to it since.
        #expect((6...12).contains(odd.calls(of: "shop").count { $0 == "provision" }))
        #expect(try bench.decisions().count - before == 6)
        let notes = try await bench.control.fleet(named: "shop").notes
        #expect(notes.contains { $0.contains("could not start") && $0.contains("no quota office") })
        #expect(notes.contains { $0.contains("is decided again at") })
        odd.set("shop", .fine)
        for _ in 0..<130 {
            clock.advance(TimeSpan(milliseconds: 500))
            try bench.report("request_rate", 900)
            await bench.control.step()
        }
        #expect(try await bench.control.fleet(named: "shop").notes.isEmpty)
        #expect(try #require(try bench.decisions().last).current >= 9)
    }

    /// A program with a mistake in it ends as soon as it is started.
    @Test func whatEndsBeforeItIsReadyIsStartedLaterAndLater() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        let bench = try Bench(clock: clock, drivers: odd)
        try await bench.control.start()
        odd.set("shop", .startsDie)
        for _ in 0..<300 {
            clock.advance(TimeSpan(milliseconds: 500))
            try bench.report("request_rate", 900)
            await bench.control.step()
        }
        // After 0, 15, 45, 105 s, and not with each of the 300 readings.
        let asked = odd.calls(of: "shop").count { $0 == "provision" }
        #expect((4...8).contains(asked), "\(asked)")
        let notes = try await bench.control.fleet(named: "shop").notes
        #expect(notes.contains { $0.contains("ended before they were ready") && $0.contains("in a row") }, "\(notes)")
        odd.set("shop", .fine)
        for _ in 0..<600 {
            clock.advance(TimeSpan(milliseconds: 500))
            try bench.report("request_rate", 900)
            await bench.control.step()
        }
        let status = try await bench.control.fleet(named: "shop")
        #expect(status.ready >= 9 && !status.notes.contains { $0.contains("ended before") }, "\(status)")
    }

    @Test func whereThereIsNoRoomNobodyKeepsAsking() async throws {
        var behaviour = PersonaBehaviour.exact("", lead: .seconds(30))
        behaviour.quota = 2
        let clock = ManualClock()
        let full = behaviour
        let odd = OddDrivers(
            SimulatedDrivers(clock: clock) { _, persona in
                var own = full
                own.persona = persona.name
                return own
            }
        )
        let bench = try Bench(
            ["policies/fleets/shop.lua": Bench.fleet("shop").replacing("\"web\", \"safe\"", with: "\"web\"")],
            clock: clock,
            drivers: odd
        )
        try await bench.control.start()
        for _ in 0..<120 {
            clock.advance(TimeSpan(milliseconds: 500))
            try bench.report("request_rate", 900)
            await bench.control.step()
        }
        #expect(odd.calls(of: "shop").count { $0 == "provision" } <= 5)
        #expect(try await bench.control.fleet(named: "shop").notes.contains { $0.contains("not started") })
    }

    @Test func oneThatCannotBeConfiguredTakesNoOthersTurn() async throws {
        let clock = ManualClock()
        let odd = OddDrivers(SimulatedDrivers(clock: clock))
        var settings = ControlSettings()
        settings.configurations = 1
        let bench = try Bench(clock: clock, drivers: odd, settings: settings)
        odd.set("shop", .configuresAllBut("shop-1"))
        try await bench.control.start()
        for _ in 0..<40 {
            await bench.control.step()
            clock.advance(TimeSpan(milliseconds: 250))
        }
        #expect(
            bench.events.all.contains(.configured(fleet: "shop", resource: "shop-2", persona: "web", isRepair: false))
        )
        #expect(odd.calls(of: "shop").count { $0 == "shop-1" } == 1)
        #expect(
            try await bench.control.fleet(named: "shop").notes
                .contains { $0.contains("shop-1 does not answer") || $0.contains("1 resources") }
        )
        // Another persona is another matter, and tried at once.
        odd.set("shop", .fine)
        let request = AssignmentRequest(subject: .resource("shop-1"), persona: "safe", reason: "because")
        _ = try await bench.control.assign(request, by: "ada", dryRun: false)
        await bench.control.step()
        #expect(try await bench.control.resource("shop-1").resource.persona == "safe")
    }

    @Test func wherePersonasCannotBeHadTheNextIsTaken() async throws {
        var behaviour = PersonaBehaviour.exact("", lead: .seconds(30))
        behaviour.quota = 6
        let bench = try Bench(behaviour: behaviour)
        try await bench.control.start()
        try await bench.run(.minutes(5), demand: 800)
        let personas = try bench.world().now { fleet in fleet.resources().map(\.persona) }
        #expect(personas.count { $0 == "web" } == 6)
        #expect(personas.contains("safe"))
    }

    // MARK: The contract

    @Test func requestsThatAreRepeatedChangeNothing() async throws {
        let clock = ManualClock()
        let driver = SimulatedDriver(
            SimulatedFleet(name: "shop", personas: [.exact("web", lead: .minutes(1))], start: clock.now),
            clock: clock
        )
        let persona = Persona(name: "web")
        let files = [ConfigTemplate(path: "/etc/a", contents: "1")]
        let start = ProvisionRequest(count: 2, persona: persona, files: files, key: "a")
        let first = try await driver.provision(start)
        #expect(first.ids == ["shop-1", "shop-2"])
        #expect(try await driver.provision(start) == first)
        var described = try await driver.describe()
        #expect(described.map(\.resource.state) == [.starting, .starting])
        #expect(described.map(\.key) == ["a", "a"])
        #expect(described.map(\.configuration) == [ConfigDigest.of(files), ConfigDigest.of(files)])
        clock.advance(.minutes(1))
        described = try await driver.describe()
        #expect(described.map(\.resource.state) == [.ready, .ready])
        #expect(described.map(\.readyAt) == [clock.now, clock.now])
        let retire = RetireRequest(ids: ["shop-1", "nobody"], key: "b")
        #expect(try await driver.retire(retire) == ["shop-1"])
        #expect(try await driver.retire(retire) == ["shop-1"])
        #expect(try await driver.describe().map(\.resource.id) == ["shop-2"])
        await #expect(throws: DriverError.self) {
            try await driver.configure(ConfigureRequest(resource: "nobody", persona: persona, files: [], key: "c"))
        }
    }

    @Test func simulatedFleetsReportWhatTheyMeet() async throws {
        let bench = try Bench()
        try await bench.control.start()
        let load = SimulatedLoad(
            fleet: Fleet(name: "shop", personas: ["web"], demand: .kpi("request_rate")),
            personas: [
                Persona(
                    name: "web",
                    capacity: [KPIAmount(kpi: "request_rate", amount: 100)],
                    kpis: [KPIRequirement(kpi: "cpu_utilization")]
                )
            ],
            workload: Workload(start: bench.clock.now - .days(1), step: .minutes(1), count: 2880, parts: [.base(500)])
        )
        let control = bench.control
        let world = SimulatedWorld(drivers: bench.drivers, loads: [load], sink: bench.sink, clock: bench.clock)
        await world.recall(.hours(3))
        for _ in 0..<20 {
            bench.clock.advance(.seconds(15))
            await world.report()
            await control.step()
        }
        let status = try await control.fleet(named: "shop")
        #expect(status.demand == 500)
        #expect(status.ready >= 5)
        #expect(try bench.kpis.series(matching: SeriesSelector(name: "cpu_utilization")).count >= 2)
    }
}
