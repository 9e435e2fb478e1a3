import Control
import Decision
import Domain
import Foundation
import KPIStore
import Simulation
import StateStore
import Synchronization
import TestSupport
import Testing

/// A day of all that goes wrong, at the speed of a test.
struct FaultyDayTests {
    @Test func aDayOfFaultsBreaksNoLimit() async throws {
        let clock = ManualClock()
        let odd = FaultyDrivers(
            SimulatedDrivers(clock: clock, seed: 7) { _, persona in
                PersonaBehaviour(
                    persona: persona.name,
                    startup: .seconds(90),
                    spread: 0.6,
                    draining: .seconds(40),
                    failing: 0.15,
                    timeout: .minutes(5),
                    retries: 0
                )
            },
            clock: clock,
            seed: 11
        )
        let limits = "max = 50, step_up = \"100%/1m\", removals = \"50%/1h\", cost_per_hour = 60"
        let fleet = Bench.fleet("shop", extra: "interval = \"1m\",").replacing("max = 50", with: limits)
        let bench = try Bench(["policies/fleets/shop.lua": fleet], clock: clock, drivers: odd)
        try await bench.control.start()
        odd.set(FaultyDrivers.Faults(failing: 0.1, losing: 0.1, lying: 0.1, lag: .seconds(30)))
        let world = try #require(odd.inner.driver(of: "shop"))
        var random = TestSupport.SeededGenerator(seed: 3)
        var held = 0
        for minute in 0..<(24 * 60) {
            clock.advance(.minutes(1))
            let wave = 2000 + 1500 * sin(Double(minute) / 120)
            let spike = random.next() % 97 == 0 ? 4000.0 : 0
            if random.next() % 50 > 0 { try bench.report("request_rate", wave + spike) }
            // Another controller, which has its own mind for some hours.
            if minute / 60 % 6 == 5, random.next() % 8 == 0 {
                let takes = random.next() % 2 == 0
                world.now { fleet in
                    let ready = fleet.resources().filter { $0.state == .ready }.map(\.id)
                    if takes, ready.count > 6 {
                        _ = fleet.retire(Array(ready.prefix(3)), key: "other \(minute)")
                    } else if fleet.ready + fleet.starting < 45 {
                        _ = fleet.provision(count: 3, persona: "web", key: "other \(minute)")
                    }
                }
            }
            await bench.control.step(trains: false)
            try bench.rollups.maintain(at: clock.now)
            if try await bench.control.overrides(of: "shop").contains(where: \.isContention) {
                held += 1
                if minute % 60 == 59 { _ = try await bench.control.resume(fleet: "shop", by: "ada") }
            }
        }
        #expect(odd.broken.isEmpty, "\(odd.broken.prefix(3))")
        #expect(held > 0)
        let retired = odd.state.withLock { $0.retired }
        #expect(retired.count > 20)
        for (index, first) in retired.enumerated() {
            let within = retired[index...].count { $0.at - first.at < .hours(1) }
            #expect(within <= 25)
        }
        // Whatever was begun has an end, but for what was begun in the last minutes.
        let open = try bench.store.openActions()
        #expect(open.allSatisfy { clock.now - $0.decided <= .minutes(12) }, "\(open)")
        let states = Dictionary(grouping: try bench.store.actions(ActionSelection()), by: \.state).mapValues(\.count)
        #expect((states[.verified] ?? 0) > 50)
        #expect((states[.compensated] ?? 0) > 0)
        let decisions = try bench.decisions()
        #expect(decisions.allSatisfy { $0.target <= 50 || $0.target <= $0.current })
    }
}
