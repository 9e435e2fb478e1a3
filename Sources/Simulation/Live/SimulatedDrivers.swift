package import Control
package import Domain
package import Drivers
package import Scripting
import Synchronization

/// The simulated fleets of a running Troupe: one for each fleet whose driver is `simulated`.
///
/// A fleet begins with what it had asked for when Troupe was last seen, or else with its minimum, ready; it lives as long as the process.
package final class SimulatedDrivers: DriverDirectory {
    private let clock: any LoopClock
    private let seed: UInt64
    private let behaviour: @Sendable (Fleet, Persona) -> PersonaBehaviour
    private let drivers = Mutex<[String: SimulatedDriver]>([:])

    /// - Parameter behaviour: how a persona's resources start, stop and fail; without it as the persona declares, with some spread.
    package init(
        clock: any LoopClock,
        seed: UInt64 = 1,
        behaviour: @escaping @Sendable (Fleet, Persona) -> PersonaBehaviour = { _, persona in
            PersonaBehaviour(persona: persona.name, startup: persona.startup)
        }
    ) {
        self.clock = clock
        self.seed = seed
        self.behaviour = behaviour
    }

    package var interfaces: [DriverInterface] { [.simulated] }

    package func driver(
        for fleet: Fleet,
        personas: [Persona],
        plugin: Plugin?,
        ready: Int?,
        current: (any FleetDriver)?
    ) throws(DriverError) -> any FleetDriver {
        guard fleet.driver == DriverInterface.simulated.name else {
            throw DriverError(.refused, driver: fleet.driver, "there is no such driver here; name \"simulated\".")
        }
        let behaviours = personas.map { behaviour(fleet, $0) }
        if let known = drivers.withLock({ $0[fleet.name] }) {
            known.now { $0.replace(behaviours) }
            return known
        }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in fleet.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var simulated = SimulatedFleet(name: fleet.name, personas: behaviours, start: clock.now, seed: seed ^ hash)
        if let first = personas.first {
            simulated.seedReady(count: min(max(ready ?? 0, fleet.limits.min), 100_000), persona: first.name)
        }
        let driver = SimulatedDriver(simulated, clock: clock)
        return drivers.withLock { drivers in
            // Of two that came at once, the first stays.
            if let known = drivers[fleet.name] { return known }
            drivers[fleet.name] = driver
            return driver
        }
    }

    package func forget(fleets: [String]) {
        drivers.withLock { drivers in
            for fleet in fleets { drivers[fleet] = nil }
        }
    }

    /// The driver of a fleet, for those who play its world.
    package func driver(of fleet: String) -> SimulatedDriver? { drivers.withLock { $0[fleet] } }
}
