import Control
import Domain
import Drivers
import Scripting
import Simulation
import Synchronization
import TestSupport

/// Simulated fleets whose drivers do all that drivers do: they fail before and after they have done it, see late, and say more than there is.
///
/// What is really there is the simulated fleet; it is asked after each call whether a limit is broken.
final class FaultyDrivers: DriverDirectory {
    struct Faults: Sendable {
        /// Shares of calls.
        var failing = 0.0
        /// Of those that change something, besides.
        var failingChanges = 0.0
        /// It is done, and the answer is lost.
        var losing = 0.0
        /// It says that more was started than was.
        var lying = 0.0
        /// How long what is new, and what leaves, is not seen.
        var lag = TimeSpan.zero
    }

    struct State {
        var faults = Faults()
        var random: TestSupport.SeededGenerator
        var calls: [(at: Timestamp, what: String, key: String, count: Int)] = []
        /// Distinct resources that were told to leave.
        var retired: [(at: Timestamp, id: String)] = []
        var leaving: [String: (since: Timestamp, as: DescribedResource)] = [:]
        var broken: [String] = []
    }

    let inner: SimulatedDrivers
    let clock: ManualClock
    let state: Mutex<State>

    init(_ inner: SimulatedDrivers, clock: ManualClock, seed: UInt64 = 1) {
        self.inner = inner
        self.clock = clock
        state = Mutex(State(random: TestSupport.SeededGenerator(seed: seed)))
    }

    var interfaces: [DriverInterface] { inner.interfaces }

    func driver(for fleet: Fleet, personas: [Persona], plugin: Plugin?, ready: Int?) throws(DriverError)
        -> any FleetDriver
    {
        FaultyDriver(
            fleet: fleet,
            inner: try inner.driver(for: fleet, personas: personas, plugin: plugin, ready: ready),
            all: self
        )
    }

    func forget(fleets: [String]) { inner.forget(fleets: fleets) }

    func set(_ faults: Faults) { state.withLock { $0.faults = faults } }

    /// What was asked, by key: each once, however often it was repeated.
    var starts: [String: Int] {
        state.withLock { state in
            Dictionary(state.calls.filter { $0.what == "provision" }.map { ($0.key, $0.count) }) { a, _ in a }
        }
    }

    var broken: [String] { state.withLock { $0.broken } }

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

    private func called(_ what: String, _ key: String, _ count: Int) {
        all.state.withLock { $0.calls.append((all.clock.now, what, key, count)) }
    }

    private func failure(_ what: String) -> DriverError { DriverError(.unavailable, driver: "simulated", what) }

    func describe() async throws(DriverError) -> [DescribedResource] {
        if all.fault(changes: false) == .before { throw failure("it does not answer.") }
        let now = all.clock.now
        let lag = all.state.withLock { $0.faults.lag }
        var seen = try await inner.describe().filter { now - $0.resource.since >= lag || $0.key == "seed" }
        let ids = Set(seen.map(\.resource.id))
        let late = all.state.withLock { state in
            state.leaving = state.leaving.filter { now - $0.value.since < lag }
            return state.leaving.values.map(\.as)
        }
        seen = seen.map { one in late.first { $0.resource.id == one.resource.id } ?? one }
        return (seen + late.filter { !ids.contains($0.resource.id) }).sorted { $0.resource.id < $1.resource.id }
    }

    func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        called("provision", request.key, request.count)
        let fault = all.fault()
        if fault == .before { throw failure("it does not answer.") }
        var answer = try await inner.provision(request)
        let serving = try await inner.describe().count { $0.resource.state == .starting || $0.resource.state == .ready }
        if let most = fleet.limits.max, serving > most, !answer.ids.isEmpty {
            all.state.withLock {
                $0.broken.append("\(all.clock.now): \(serving) of at most \(most), by \(request.key)")
            }
        }
        if fault == .after { throw failure("the answer is lost.") }
        if fault == .lie { answer.ids += ["ghost-\(request.key)"] }
        return answer
    }

    func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        called("retire", request.key, request.ids.count)
        let fault = all.fault()
        if fault == .before { throw failure("it does not answer.") }
        let before = try await inner.describe()
        let gone = try await inner.retire(request)
        let now = all.clock.now
        all.state.withLock { state in
            for id in gone where !state.retired.contains(where: { $0.id == id }) { state.retired.append((now, id)) }
            for one in before where gone.contains(one.resource.id) { state.leaving[one.resource.id] = (now, one) }
        }
        let serving = try await inner.describe().count { $0.resource.state == .starting || $0.resource.state == .ready }
        if serving < fleet.limits.min, !gone.isEmpty {
            all.state.withLock {
                $0.broken.append("\(now): \(serving) of at least \(fleet.limits.min), by \(request.key)")
            }
        }
        if fault == .after { throw failure("the answer is lost.") }
        return gone
    }

    func configure(_ request: ConfigureRequest) async throws(DriverError) {
        if all.fault() == .before { throw failure("it does not answer.") }
        try await inner.configure(request)
    }
}
