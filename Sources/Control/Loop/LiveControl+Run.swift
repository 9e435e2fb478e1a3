import Domain
import Drivers
import Synchronization

extension LiveControl {
    /// Runs until the task is cancelled, and follows edits of the workspace's folder meanwhile; what is being decided then is decided to its end.
    ///
    /// After `start`.
    package func run() async {
        state.withLock { $0.isRunning = true }
        await withDiscardingTaskGroup { group in
            if let folder = parts.folder, let every = parts.settings.watch {
                group.addTask {
                    var watcher = WorkspaceWatcher(self, folder: folder)
                    await watcher.run(every: every)
                }
            }
            while !Task.isCancelled {
                let next = spawn(into: &group)
                // Nothing is due for ever only where there is no fleet; an hour is as good.
                let wake = next ?? parts.clock.now + .hours(1)
                await wakeup.wait(until: wake, by: parts.clock)
            }
        }
        state.withLock { $0.isRunning = false }
    }

    /// Evaluates what is due now, once, and returns when it is done and its models are trained: a loop for tests and benchmarks, which
    /// has no time of its own.
    ///
    /// - Returns: how many fleets were due.
    @discardableResult
    package func step(trains: Bool = true) async -> Int {
        let before = state.withLock { $0.passes }
        await withDiscardingTaskGroup { group in
            _ = spawn(into: &group, trains: trains)
        }
        return state.withLock { $0.passes } - before
    }

    /// Starts an evaluation of each fleet that is due; answers when the next one is.
    private func spawn(into group: inout DiscardingTaskGroup, trains: Bool = true) -> Timestamp? {
        let now = parts.clock.now
        followAssignments(through: now)
        let (due, next) = state.withLock { state in
            let due = state.agenda.take(now: now)
                .compactMap { due in
                    state.lanes[due.fleet].map { (lane: $0, isOver: due.isOver) }
                }
            state.passes += due.count
            let next = [state.agenda.next(), state.nextAssignment].compactMap(\.self).min()
            return (due, next)
        }
        for (lane, isOver) in due {
            group.addTask(executorPreference: services.threads) {
                let ending = await lane.pass(isOver: isOver)
                self.finish(lane, ending)
                if trains, lane.hasTraining { await lane.train() }
            }
        }
        return next
    }

    private func finish(_ lane: FleetLane, _ ending: FleetLane.Ending) {
        let now = parts.clock.now
        let isSoon = state.withLock { state in
            state.agenda.finish(
                lane.name,
                now: now,
                wasEvaluated: ending.wasEvaluated,
                notBefore: ending.notBefore,
                again: ending.again
            )
            return state.isRunning
        }
        // The loop sleeps until a time that it worked out while this fleet was running.
        if isSoon { wakeup.ring() }
    }

    // MARK: Assignments that begin and end

    /// Marks the fleets of resources whose assignment has begun or ended since the last time.
    func followAssignments(through now: Timestamp) {
        let version = parts.directory.version
        let since = state.withLock { state -> Timestamp? in
            defer { state.assignmentsAt = max(state.assignmentsAt, now) }
            let isQuiet = version == state.assignmentsVersion && state.nextAssignment.map { $0 > now } ?? true
            state.assignmentsVersion = version
            return isQuiet ? nil : state.assignmentsAt
        }
        // Looking through all assignments is for when there may be something to find.
        guard let since else { return }
        let (changed, next) = parts.directory.read { book in
            (book.changed(after: since, through: now), book.nextChange(after: now))
        }
        state.withLock { $0.nextAssignment = next }
        guard !changed.isEmpty else { return }
        for fleet in services.index.fleets(of: changed) {
            if let lane = state.withLock({ $0.lanes[fleet] }) { mark(lane, at: now) }
        }
        // Readings that come late by more than this are rolled up by what is assigned now.
        parts.directory.forget(before: now - .days(2))
    }

    /// A fleet has a reason to be evaluated that no reading tells of.
    func mark(_ lane: FleetLane, at now: Timestamp) {
        lane.nudge()
        if state.withLock({ $0.agenda.mark(lane.name, now: now) }) { wakeup.ring() }
    }
}
