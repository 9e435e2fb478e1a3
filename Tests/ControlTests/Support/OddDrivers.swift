import Control
import Domain
import Drivers
import Scripting
import Simulation
import Synchronization

/// Simulated fleets of which some have a driver that hangs, or fails.
final class OddDrivers: DriverDirectory {
    enum Oddity: Sendable {
        case fine
        case hangs
        case fails
        /// All that changes something fails.
        case changesNothing
        /// What is in the way of configuring this resource.
        case configuresAllBut(String)
        /// It does not say since when resources are there, which are taken to have come when they were first seen: as of now.
        case forgetsSince(Timestamp)
        /// Its resources always seem to have files that nobody gave them.
        case answersOtherFiles
        /// What is starting is gone when it is looked at again, as a program that ends at once.
        case startsDie
        /// Time passes while it is asked.
        case takes(TimeSpan, ManualClock)
    }

    private struct State {
        var oddities: [String: Oddity] = [:]
        var calls: [String: [String]] = [:]
        var hanging: [CheckedContinuation<Void, Never>] = []
        var seenStarting: Set<String> = []
        var dead: Set<String> = []
    }

    private let inner: SimulatedDrivers
    private let state = Mutex(State())

    init(_ inner: SimulatedDrivers) { self.inner = inner }

    var interfaces: [DriverInterface] { inner.interfaces }

    func driver(
        for fleet: Fleet,
        personas: [Persona],
        plugin: Plugin?,
        ready: Int?,
        current: (any FleetDriver)?
    ) throws(DriverError) -> any FleetDriver {
        OddDriver(
            fleet: fleet.name,
            inner: try inner.driver(for: fleet, personas: personas, plugin: plugin, ready: ready, current: nil),
            directory: self
        )
    }

    func forget(fleets: [String]) { inner.forget(fleets: fleets) }

    /// What was asked of a fleet's driver: `describe`, `provision`, `retire`, or the resource that was configured.
    func calls(of fleet: String) -> [String] { state.withLock { $0.calls[fleet] ?? [] } }

    /// What the driver of a fleet does from now on; those that hang go on.
    func set(_ fleet: String, _ oddity: Oddity) {
        let hanging = state.withLock { state in
            state.oddities[fleet] = oddity
            if case .hangs = oddity { return [CheckedContinuation<Void, Never>]() }
            defer { state.hanging = [] }
            return state.hanging
        }
        for continuation in hanging { continuation.resume() }
    }

    fileprivate func oddity(of fleet: String) -> Oddity { state.withLock { $0.oddities[fleet] ?? .fine } }

    /// Who of `resources` is dead.
    fileprivate func dead(_ fleet: String, of resources: [DescribedResource]) -> Set<String> {
        state.withLock { state in
            if case .startsDie? = state.oddities[fleet] {
                let starting = resources.lazy.filter { $0.resource.state == .starting }.map(\.resource.id)
                state.dead.formUnion(state.seenStarting.intersection(starting))
                state.seenStarting.formUnion(starting)
            }
            return state.dead
        }
    }

    /// - Parameter changes: the resource that is to be changed, or any text for one that is not there yet.
    fileprivate func enter(_ fleet: String, changes: String? = nil) async throws(DriverError) {
        state.withLock { $0.calls[fleet, default: []].append(changes ?? "describe") }
        switch state.withLock({ $0.oddities[fleet] ?? .fine }) {
        case .fine, .forgetsSince, .startsDie, .answersOtherFiles: return
        case .takes(let span, let clock): clock.advance(span)
        case .changesNothing:
            guard changes != nil else { return }
            throw DriverError(.unavailable, driver: "simulated", "no quota office is open.")
        case .configuresAllBut(let id):
            guard changes == id else { return }
            throw DriverError(.unavailable, driver: "simulated", "\(id) does not answer.")
        case .fails: throw DriverError(.unavailable, driver: "simulated", "the platform is on fire.")
        case .hangs:
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard case .hangs? = state.oddities[fleet] else { return true }
                    state.hanging.append(continuation)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        }
    }
}

private struct OddDriver: FleetDriver {
    let fleet: String
    let inner: any FleetDriver
    let directory: OddDrivers

    func describe() async throws(DriverError) -> [DescribedResource] {
        try await directory.enter(fleet)
        let described = try await inner.describe()
        let dead = directory.dead(fleet, of: described)
        let alive = described.filter { !dead.contains($0.resource.id) }
        let oddity = directory.oddity(of: fleet)
        return alive.map { one in
            var one = one
            if case .forgetsSince(let seen) = oddity {
                (one.resource.since, one.isSinceKnown) = (max(seen, one.resource.since), false)
            }
            if case .answersOtherFiles = oddity { one.configuration = "of somebody else" }
            return one
        }
    }

    func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        try await directory.enter(fleet, changes: "provision")
        return try await inner.provision(request)
    }

    func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        try await directory.enter(fleet, changes: "retire")
        return try await inner.retire(request)
    }

    func configure(_ request: ConfigureRequest) async throws(DriverError) {
        try await directory.enter(fleet, changes: request.resource)
        try await inner.configure(request)
    }
}
