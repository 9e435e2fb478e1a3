package import Control
package import Domain
package import Drivers
package import Scripting
import Synchronization

/// Simulated fleets whose drivers do all that drivers do: they fail before and after they have done it, see late, and say more than there is.
///
/// What is really there is the simulated fleet; it is asked after each call whether a limit is broken.
package final class FaultyDrivers: DriverDirectory {
    package struct Faults: Sendable {
        /// Shares of calls.
        package var failing = 0.0
        /// Of those that change something, besides.
        package var failingChanges = 0.0
        /// It is done, and the answer is lost.
        package var losing = 0.0
        /// It says that more was started than was.
        package var lying = 0.0
        /// How long what is new, and what leaves, is not seen.
        package var lag = TimeSpan.zero

        package init(
            failing: Double = 0,
            failingChanges: Double = 0,
            losing: Double = 0,
            lying: Double = 0,
            lag: TimeSpan = .zero
        ) {
            (self.failing, self.failingChanges, self.losing) = (failing, failingChanges, losing)
            (self.lying, self.lag) = (lying, lag)
        }
    }

    private struct State {
        var faults = Faults()
        var random: SeededGenerator
        var starts: [String: Int] = [:]
        /// Distinct resources that were told to leave.
        var retired: [String: Timestamp] = [:]
        var leaving: [String: (since: Timestamp, as: DescribedResource)] = [:]
        var broken: [String] = []
    }

    package let inner: SimulatedDrivers
    fileprivate let clock: any LoopClock
    private let state: Mutex<State>

    package init(_ inner: SimulatedDrivers, clock: any LoopClock, seed: UInt64 = 1) {
        self.inner = inner
        self.clock = clock
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    package var interfaces: [DriverInterface] { inner.interfaces }

    package func driver(
        for fleet: Fleet,
        personas: [Persona],
        plugin: Plugin?,
        ready: Int?,
        current: (any FleetDriver)?
    ) throws(DriverError) -> any FleetDriver {
        FaultyDriver(
            fleet: fleet,
            inner: try inner.driver(for: fleet, personas: personas, plugin: plugin, ready: ready, current: current),
            all: self
        )
    }

    package func forget(fleets: [String]) { inner.forget(fleets: fleets) }

    package func set(_ faults: Faults) { state.withLock { $0.faults = faults } }

    /// How many were asked for, by key: each once, however often it was repeated.
    package var starts: [String: Int] { state.withLock { $0.starts } }

    /// When resources were told to leave, each once.
    package var retired: [Timestamp] { state.withLock { $0.retired.values.sorted() } }

    /// The limits that were broken, a sentence each.
    package var broken: [String] { state.withLock { $0.broken } }

    fileprivate func note(start key: String, _ count: Int) {
        state.withLock { $0.starts[key] = $0.starts[key] ?? count }
    }

    fileprivate func note(broken what: String) { state.withLock { $0.broken.append("\(clock.now): \(what)") } }

    fileprivate func note(gone ids: [String], from before: [DescribedResource]) {
        let now = clock.now
        state.withLock { state in
            for id in ids where state.retired[id] == nil { state.retired[id] = now }
            for one in before where ids.contains(one.resource.id) { state.leaving[one.resource.id] = (now, one) }
        }
    }

    /// What is told to leave and still seen as it was, and how late all is seen.
    fileprivate func late() -> (lag: TimeSpan, resources: [DescribedResource]) {
        let now = clock.now
        return state.withLock { state in
            let lag = state.faults.lag
            state.leaving = state.leaving.filter { now - $0.value.since < lag }
            return (lag, state.leaving.values.map(\.as))
        }
    }

    fileprivate enum Fault {
        case none
        case before
        case after
        case lie
    }

    fileprivate func fault(changes: Bool = true) -> Fault {
        state.withLock { state in
            let draw = Double(state.random.next() % 10_000) / 10_000
            let faults = state.faults
            let failing = faults.failing + (changes ? faults.failingChanges : 0)
            if draw < failing { return .before }
            if draw < failing + faults.losing { return .after }
            return draw < failing + faults.losing + faults.lying ? .lie : .none
        }
    }
}

private struct FaultyDriver: FleetDriver {
    let fleet: Fleet
    let inner: any FleetDriver
    let all: FaultyDrivers

    private func failure(_ what: String) -> DriverError { DriverError(.unavailable, driver: "simulated", what) }

    private func serving() async throws(DriverError) -> Int {
        try await inner.describe().count { $0.resource.state == .starting || $0.resource.state == .ready }
    }

    func describe() async throws(DriverError) -> [DescribedResource] {
        if all.fault(changes: false) == .before { throw failure("it does not answer.") }
        let now = all.clock.now
        let (lag, late) = all.late()
        var seen = try await inner.describe().filter { now - $0.resource.since >= lag || $0.key == "seed" }
        let ids = Set(seen.map(\.resource.id))
        seen = seen.map { one in late.first { $0.resource.id == one.resource.id } ?? one }
        return (seen + late.filter { !ids.contains($0.resource.id) }).sorted { $0.resource.id < $1.resource.id }
    }

    func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        all.note(start: request.key, request.count)
        let fault = all.fault()
        if fault == .before { throw failure("it does not answer.") }
        var answer = try await inner.provision(request)
        let serving = try await serving()
        if let most = fleet.limits.max, serving > most, !answer.ids.isEmpty {
            all.note(broken: "\(serving) of at most \(most), by \(request.key)")
        }
        if fault == .after { throw failure("the answer is lost.") }
        if fault == .lie { answer.ids += ["ghost-\(request.key)"] }
        return answer
    }

    func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        let fault = all.fault()
        if fault == .before { throw failure("it does not answer.") }
        let before = try await inner.describe()
        let gone = try await inner.retire(request)
        all.note(gone: gone, from: before)
        let serving = try await serving()
        if serving < fleet.limits.min, !gone.isEmpty {
            all.note(broken: "\(serving) of at least \(fleet.limits.min), by \(request.key)")
        }
        if fault == .after { throw failure("the answer is lost.") }
        return gone
    }

    func configure(_ request: ConfigureRequest) async throws(DriverError) {
        if all.fault() == .before { throw failure("it does not answer.") }
        try await inner.configure(request)
    }
}
