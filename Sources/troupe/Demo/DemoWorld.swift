import Control
import Domain
import KPIStore
import Logging
import Scripting
import ServiceLifecycle
import Simulation

/// The simulated fleets of a demo's workspace, with demand that fits the size of each.
struct DemoWorld: Sendable {
    let control: LiveControl
    /// The fleet that is looked at closely.
    let fleet: Fleet
    /// Its demand.
    let load: SimulatedLoad
    private let world: SimulatedWorld

    /// - Parameter fleet: the one to look at; the last by name without it.
    /// - Throws: where there is no such fleet, or none that is simulated.
    init(_ system: LiveSystem, seed: UInt64, speed: Double, fleet wanted: String?) async throws {
        let workspace = try system.control.workspaceInForce()
        let fleets = workspace.fleets.filter { $0.driver == "simulated" }
        guard let last = fleets.last else {
            throw Failure("no fleet of the workspace has the driver \"simulated\": there is nothing for a demo to play")
        }
        let shown = try wanted.map { try workspace.fleet(named: $0) } ?? last
        // Each its own kind of day; the one that is looked at has the sale and the crowd.
        let others = ["daily", "weekly", "growth"]
        var loads: [SimulatedLoad] = []
        for (index, fleet) in fleets.enumerated() {
            let name = fleet.name == shown.name ? "demo-week" : others[index % others.count]
            guard var workload = Workload.preset(name, seed: seed &+ UInt64(index)) else { continue }
            let personas = workspace.personas(of: fleet)
            let capacity = personas.first?.capacity(for: fleet.demand) ?? 1
            let peak = workload.trace(named: name).values.filter(\.isFinite).max() ?? 1
            // At its worst, about two thirds of what the fleet may grow to.
            let largest = Double(max(2, min(fleet.limits.max ?? 60, 150))) * 0.65 * capacity
            // All parts but the base are factors.
            if case .base(let level) = workload.parts.first {
                workload.parts[0] = .base(level * largest / max(peak, .leastNormalMagnitude))
            }
            loads.append(SimulatedLoad(fleet: fleet, personas: personas, workload: workload))
        }
        guard let load = loads.first(where: { $0.fleet.name == shown.name }) else {
            throw Failure(
                "fleet \"\(shown.name)\" has the driver \"\(shown.driver)\"; a demo plays those with \"simulated\""
            )
        }
        control = system.control
        self.fleet = shown
        self.load = load
        let control = control
        let rollups = system.rollups
        let logger = system.logger
        world = SimulatedWorld(
            drivers: system.drivers,
            loads: loads,
            sink: StoreSink(
                store: system.kpis,
                roll: { rollups.ingest($0) },
                arrived: { control.noteArrival(fleets: $0, at: $1) }
            ),
            clock: system.clock,
            // Ten times a second of real time, but never so seldom that it would look stale.
            every: min(.minutes(1), max(.seconds(15), TimeSpan(milliseconds: Int64(speed * 100)))),
            failed: { logger.error("readings of the demo could not be stored", metadata: ["why": "\($0)"]) }
        )
    }

    /// The past that there is to learn from.
    func recall() async { await world.recall(.days(14)) }

    func run() async { await world.run() }
}

/// Lets the fleets meet their demand, until the demo ends.
struct DemoWorldService: Service {
    let world: DemoWorld

    func run() async throws {
        await cancelWhenGracefulShutdown { await world.run() }
    }
}
