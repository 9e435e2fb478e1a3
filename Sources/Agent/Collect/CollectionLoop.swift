/// Collects on schedule and puts each batch into the spool.
package struct CollectionLoop: Sendable {
    /// How long a changed plan may go unnoticed.
    private static let glanceMs: Int64 = 1000

    private let board: PlanBoard
    private let resource: String
    /// Used where the plan names none.
    private let fleet: String?
    private let spool: Spool
    private let arrivals: AsyncStream<Void>.Continuation
    private let clock: any AgentClock
    private let log: AgentLog
    private var collector: Collector
    private var encoder: BatchEncoder

    package init(
        board: PlanBoard,
        resource: String,
        fleet: String?,
        collector: Collector,
        spool: Spool,
        arrivals: AsyncStream<Void>.Continuation,
        clock: any AgentClock,
        log: AgentLog
    ) {
        self.board = board
        self.resource = resource
        self.fleet = fleet
        self.collector = collector
        self.spool = spool
        self.arrivals = arrivals
        self.clock = clock
        self.log = log
        encoder = BatchEncoder(resource: resource)
    }

    /// Runs until the task is cancelled. Throws only `CancellationError`.
    ///
    /// A plan that changes is collected at once and on its own schedule from then on.
    package mutating func run() async throws {
        while true {
            let posted = board.current
            await collectOnce(posted.plan)
            UnusedPages.release()
            let schedule = CollectionSchedule(resource: resource, intervalSeconds: posted.plan.intervalSeconds)
            let now = clock.now()
            let due = schedule.next(after: now.wallMs)
            let deadline = now.monotonicMs + schedule.intervalMs
            while board.current.version == posted.version {
                // A wall clock that was set back must not stop the collection for as long as it was set back.
                let left = min(due - clock.now().wallMs, deadline - clock.now().monotonicMs)
                guard left > 0 else { break }
                try await clock.sleep(ms: min(left, Self.glanceMs))
            }
        }
    }

    package mutating func collectOnce(_ plan: CollectionPlan) async {
        let (at, readings) = await collector.collect(plan, clock: clock)
        guard !readings.isEmpty, !Task.isCancelled else { return }
        let body = encoder.body(of: readings, fleet: plan.fleet.isEmpty ? fleet ?? "" : plan.fleet, at: at.wallMs)
        let droppedBefore = spool.statistics.droppedSamples
        do throws(SpoolError) {
            try spool.append(body, samples: readings.count)
        } catch {
            log.error("\(readings.count) samples dropped: \(error)")
            return
        }
        let dropped = spool.statistics.droppedSamples - droppedBefore
        if dropped > 0 { log.warning("the spool is full: its \(dropped) oldest samples are dropped") }
        arrivals.yield()
    }
}
