package import Domain
package import KPIStore
package import StateStore

/// Keeps the stores in shape while a server runs: rollups made and stored, the log compacted, what is old forgotten.
///
///     await upkeep.run()   // until the task is cancelled
package final class StoreUpkeep: Sendable {
    /// How long things are kept.
    package struct Retention: Sendable {
        package var readings = TimeSpan.days(90)
        package var rollups = TimeSpan.days(400)
        package var decisions = TimeSpan.days(90)

        package init() {}
    }

    private let kpis: KPIStore
    private let rollups: RollupEngine
    private let state: StateStore
    private let log: DecisionLog?
    private let clock: any LoopClock
    private let retention: Retention
    private let failed: @Sendable (String) -> Void
    private let threads = ControlThreads()

    /// - Parameter failed: told of a part that could not be done; it is tried again the next time.
    package init(
        kpis: KPIStore,
        rollups: RollupEngine,
        state: StateStore,
        log: DecisionLog? = nil,
        clock: any LoopClock,
        retention: Retention = Retention(),
        failed: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.kpis = kpis
        self.rollups = rollups
        self.state = state
        self.log = log
        self.clock = clock
        self.retention = retention
        self.failed = failed
    }

    /// The decision log is sealed each minute, whatever else takes its time. Rollups each minute, for readings that are too new wait for
    /// it; the log of readings each five minutes; the old each hour.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.eachMinute { _ in self.seal() } }
            group.addTask {
                await self.eachMinute { minute in self.tend(compacts: minute % 5 == 0, prunes: minute % 60 == 0) }
            }
        }
    }

    private func eachMinute(_ body: @escaping @Sendable (_ minute: Int) -> Void) async {
        var minute = 0
        while !Task.isCancelled {
            let turn = minute
            await threads.run { body(turn) }
            minute += 1
            try? await clock.sleep(until: clock.now + .minutes(1))
        }
    }

    /// Seals what was decided so far: also before anything is decided after a kill, so that what the kill left does not stay unsealed
    /// beside decisions of a much later time.
    package func sealNow() async { await threads.run { self.seal() } }

    private func seal() { attempt("seal of the decision log") { try log?.seal(at: clock.now) } }

    /// Does what is due once, but for the seal. Blocks.
    package func tend(compacts: Bool, prunes: Bool) {
        let now = clock.now
        attempt("rollups") { try rollups.maintain(at: now) }
        if compacts {
            // The last minutes stay in the log, where late readings join them cheaply.
            attempt("compaction") { try kpis.compact(upTo: now - .minutes(10)) }
        }
        guard prunes else { return }
        attempt("retention of readings") { try kpis.prune(before: now - retention.readings) }
        attempt("retention of rollups") { try rollups.prune(before: now - retention.rollups) }
        attempt("retention of decisions") { try state.pruneDecisions(before: now - retention.decisions) }
        attempt("retention of the decision log") { try log?.prune(before: now - retention.decisions) }
        attempt("retention of actions") { try state.pruneActions(before: now - retention.decisions) }
    }

    private func attempt(_ what: String, _ body: () throws -> some Any) {
        do {
            _ = try body()
        } catch {
            failed("\(what): \(error)")
        }
    }
}
