package import Control
import Domain
package import Drivers
import Synchronization

/// Drives a simulated fleet by the loop's clock: resources start with their persona's spread, fail, drain; files are kept as they come.
///
/// Time is that of the clock whenever it is asked, so it moves at any speed, or not at all.
package final class SimulatedDriver: FleetDriver {
    private struct State {
        var fleet: SimulatedFleet
        /// Keys of `configure` that were seen, the latest of them.
        var configured: Set<String> = []
    }

    package let name: String
    private let clock: any LoopClock
    private let state: Mutex<State>

    package init(_ fleet: SimulatedFleet, clock: any LoopClock) {
        name = fleet.name
        self.clock = clock
        state = Mutex(State(fleet: fleet))
    }

    package func describe() async throws(DriverError) -> [DescribedResource] {
        now { fleet in fleet.described() }
    }

    package func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        now { fleet in
            let answer = fleet.provision(
                count: request.count,
                persona: request.persona.name,
                files: request.files,
                key: request.key
            )
            return ProvisionResult(ids: answer.ids, refused: answer.refused, reason: answer.reason)
        }
    }

    package func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        now { fleet in fleet.retire(request.ids, key: request.key) }
    }

    package func configure(_ request: ConfigureRequest) async throws(DriverError) {
        let clock = clock
        let isThere = state.withLock { state in
            state.fleet.advance(to: clock.now)
            guard !state.configured.contains(request.key) else { return true }
            let isThere = state.fleet.configure(
                request.resource,
                persona: request.persona.name,
                files: request.files
            )
            if state.configured.count >= 10_000 { state.configured = [] }
            if isThere { state.configured.insert(request.key) }
            return isThere
        }
        guard isThere else {
            throw DriverError(
                .notFound,
                driver: "simulated",
                "fleet \(name) has no resource \(request.resource); it may just have been retired."
            )
        }
    }

    // MARK: The world around it

    /// Looks at the fleet as it is now, or changes it behind the loop's back: a test's drift, a demo's outage.
    package func now<Answer>(_ body: (inout SimulatedFleet) -> sending Answer) -> sending Answer {
        state.withLock { state in
            state.fleet.advance(to: clock.now)
            return body(&state.fleet)
        }
    }
}

extension SimulatedFleet {
    /// As a driver reports it, sorted by id.
    func described() -> [DescribedResource] {
        members.map { member in
            DescribedResource(
                resource: member.resource,
                key: member.key,
                readyAt: member.readyAt,
                configuration: member.digest
            )
        }
        .sorted { $0.resource.id < $1.resource.id }
    }
}
