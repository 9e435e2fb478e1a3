package import Control
import Dispatch
package import Domain
package import KPIStore
import Synchronization

/// Lets simulated fleets meet their demand and report it, for as long as it runs.
///
///     let world = SimulatedWorld(drivers: drivers, loads: loads, sink: sink, clock: clock)
///     try await world.recall(.days(14))   // a past to learn from
///     await world.run()                   // until the task is cancelled
package final class SimulatedWorld: Sendable {
    private let drivers: SimulatedDrivers
    private let loads: Mutex<[SimulatedLoad]>
    private let sink: any ReadingSink
    private let clock: any LoopClock
    private let every: TimeSpan
    private let failed: @Sendable (KPIStoreError) -> Void
    /// The store blocks.
    private let queue = DispatchQueue(label: "troupe.simulated-world")

    /// - Parameters:
    ///   - every: how often everything reports.
    ///   - failed: told of readings that could not be stored; the next ones are tried.
    package init(
        drivers: SimulatedDrivers,
        loads: [SimulatedLoad],
        sink: any ReadingSink,
        clock: any LoopClock,
        every: TimeSpan = .seconds(15),
        failed: @escaping @Sendable (KPIStoreError) -> Void = { _ in }
    ) {
        self.drivers = drivers
        self.loads = Mutex(loads)
        self.sink = sink
        self.clock = clock
        self.every = max(TimeSpan(milliseconds: 100), every)
        self.failed = failed
    }

    /// Stores the demand of the last `span`, as if it had been reported.
    package func recall(_ span: TimeSpan) async {
        let now = clock.now
        await blocking {
            for index in self.loads.withLock({ $0.indices }) {
                let readings = self.loads.withLock { $0[index].history(from: now - span, to: now) }
                self.store(readings)
            }
        }
    }

    /// Reports what is so now.
    package func report() async {
        let now = clock.now
        let fleets = loads.withLock { $0.map(\.fleet.name) }
        let resources = fleets.map { fleet in
            drivers.driver(of: fleet)?.now { $0.described() } ?? []
        }
        let readings = loads.withLock { loads in
            zip(loads.indices, resources).flatMap { loads[$0].readings(at: now, of: $1) }
        }
        await blocking { self.store(readings) }
    }

    package func run() async {
        while !Task.isCancelled {
            await report()
            try? await clock.sleep(until: clock.now + every)
        }
    }

    private func store(_ readings: [FleetReading]) {
        do throws(KPIStoreError) {
            try sink.take(readings)
        } catch {
            failed(error)
        }
    }

    private func blocking(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                body()
                continuation.resume()
            }
        }
    }
}
