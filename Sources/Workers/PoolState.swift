import ScriptProtocol
import Synchronization

/// What tasks and slots of a pool share: the queue, what each worker is at, and how everything has fared.
///
/// A run goes straight to a worker that is free, else behind a few others at one that is not, else into the queue, from which the slots
/// fill up their lanes. Locks are taken in the order pool, then lane, and no lane is used with the pool's lock held.
final class PoolState: Sendable {
    private struct Slot {
        /// Process id; 0 where there is none.
        var worker: Int32 = 0
        /// Nil where nothing may be sent.
        var lane: Lane?
        /// It has failed to start one, and waits before it tries again.
        var isPausing = false
        /// Runs on the lane, and those of them that others may not wait for.
        var load = 0
        var long = 0

        func takes(_ evaluation: Evaluation, depth: Int) -> Bool {
            load == 0 || (load < depth && long == 0 && evaluation.isShort)
        }

        mutating func add(_ evaluation: Evaluation) {
            load += 1
            if !evaluation.isShort { long += 1 }
        }

        mutating func remove(_ evaluation: Evaluation) {
            load = max(0, load - 1)
            if !evaluation.isShort { long = max(0, long - 1) }
        }
    }

    private struct Storage {
        var queue = Queue<Evaluation>()
        var slots: [Slot]
        var stopping = false
        var tally = Tally()
        var book: QuarantineBook

        /// The first worker that is free, for the caches of the first ones are warm; else the one with the least to do.
        func slot(for evaluation: Evaluation, depth: Int) -> Int? {
            guard queue.count == 0 else { return nil }
            var best: Int?
            for (index, slot) in slots.enumerated() where slot.lane != nil && slot.takes(evaluation, depth: depth) {
                if slot.load == 0 { return index }
                if slots[best ?? index].load >= slot.load { best = index }
            }
            return best
        }

        mutating func fill(_ slot: Int, depth: Int) -> [Evaluation] {
            guard slots[slot].lane != nil else { return [] }
            var taken: [Evaluation] = []
            while let next = queue.first, slots[slot].takes(next, depth: depth) {
                _ = queue.popFirst()
                guard !next.isOver else { continue }
                slots[slot].add(next)
                taken.append(next)
            }
            return taken
        }
    }

    let configuration: WorkerPoolConfiguration
    let executable: String
    /// By slot.
    let wakes: [WakeSignal]
    let timers: [DeadlineTimer]
    private let storage: Mutex<Storage>

    init(configuration: WorkerPoolConfiguration, executable: String) throws(WorkerPoolError) {
        self.configuration = configuration
        self.executable = executable
        var wakes: [WakeSignal] = []
        var timers: [DeadlineTimer] = []
        for _ in 0..<configuration.size {
            wakes.append(try WakeSignal())
            timers.append(try DeadlineTimer())
        }
        self.wakes = wakes
        self.timers = timers
        storage = Mutex(
            Storage(
                slots: [Slot](repeating: Slot(), count: configuration.size),
                book: QuarantineBook(rules: configuration.quarantine)
            )
        )
    }

    private var depth: Int { max(1, configuration.depth) }

    var isStopping: Bool { storage.withLock { $0.stopping } }

    var health: WorkerPoolHealth {
        storage.withLock { storage in
            var health = storage.tally.health
            health.workers = storage.slots.map(\.worker).filter { $0 != 0 }
            health.running = storage.slots.count { $0.load > 0 }
            health.queued = storage.slots.reduce(storage.queue.count) { $0 + max(0, $1.load - 1) }
            health.quarantined = storage.book.quarantined
            return health
        }
    }

    var quarantined: [WorkerPoolHealth.Quarantined] { storage.withLock { $0.book.quarantined } }

    // MARK: The tasks' side

    /// Why the request is not run at all, if it is in quarantine.
    func quarantine(of request: ScriptRequest) -> ScriptFailure? {
        let script = request.script.name
        guard storage.withLock({ $0.book.knows(script) }) else { return nil }
        let version = ScriptVersion(request)
        guard let reason = storage.withLock({ $0.book.ask(version) }) else { return nil }
        let failure = ScriptFailure(kind: .quarantined, message: "The script is quarantined. \(reason)", file: script)
        storage.withLock { $0.tally.count(.failure(failure), of: script, nanoseconds: nil) }
        return failure
    }

    /// Sends an evaluation to a worker, or puts it into the queue.
    ///
    /// - Returns: why not, if so.
    func submit(_ evaluation: Evaluation) -> ScriptFailure? {
        let limit = configuration.queueLimit
        while true {
            let (refusal, slot, lane) = storage.withLock { storage -> (ScriptFailure?, Int, Lane?) in
                if storage.stopping { return (.shutDown, 0, nil) }
                if let slot = storage.slot(for: evaluation, depth: depth) {
                    storage.slots[slot].add(evaluation)
                    return (nil, slot, storage.slots[slot].lane)
                }
                guard storage.queue.count < limit else {
                    return (.unavailable("\(limit) runs wait for a script worker already."), 0, nil)
                }
                storage.queue.append(evaluation)
                return (nil, 0, nil)
            }
            guard let lane else { return refusal }
            switch lane.enqueue(evaluation) {
            case .taken:
                lane.flush()
                return nil
            case .refused(let error):
                storage.withLock { $0.slots[slot].remove(evaluation) }
                spread()
                return .unsendable(evaluation.request, error)
            case .closed:
                // Lost between the two locks, and off the list before it was closed: the next choice is another one.
                continue
            }
        }
    }

    func keep(_ scripts: Set<String>) { storage.withLock { $0.book.keep(scripts) } }

    func lift(_ script: String) -> Bool {
        let isLifted = storage.withLock { $0.book.lift(script) }
        if isLifted { configuration.log(.lifted(script: script)) }
        return isLifted
    }

    /// Takes no more requests, and lets all slots come to an end.
    func stop() {
        let waiting = storage.withLock { storage in
            storage.stopping = true
            return storage.queue.removeAll()
        }
        for evaluation in waiting { evaluation.post(.end(.failure(.shutDown))) }
        for wake in wakes { wake.signal() }
    }

    // MARK: The slots' side

    /// The slot has a worker: whatever waits is sent to it.
    func started(_ worker: Int32, in slot: Int, on lane: Lane, unfiltered: String?, again: Bool) {
        let waiting = storage.withLock { storage in
            storage.slots[slot] = Slot(worker: worker, lane: lane)
            if again { storage.tally.totals.respawns += 1 }
            storage.tally.totals.unfiltered = unfiltered
            return storage.fill(slot, depth: depth)
        }
        configuration.log(.started(worker: worker))
        if let unfiltered { configuration.log(.unfiltered(worker: worker, reason: unfiltered)) }
        if !send(waiting, on: lane, of: slot) { spread() }
    }

    /// The slot has no worker for a while.
    ///
    /// Where that is so for all of them, whoever waits is told so.
    func notStarted(_ reason: String, in slot: Int, retryMilliseconds: Int64) {
        let waiting = storage.withLock { storage -> [Evaluation] in
            storage.slots[slot].isPausing = true
            return storage.slots.allSatisfy(\.isPausing) ? storage.queue.removeAll() : []
        }
        for evaluation in waiting {
            evaluation.post(.end(.failure(.unavailable("No script worker can be started: \(reason)."))))
        }
        configuration.log(.notStarted(reason: reason, retryMilliseconds: retryMilliseconds))
    }

    /// A run has come to its end, and makes room on the lane.
    func finished(_ entry: Lane.Entry, _ answer: Evaluation.Answer, in slot: Int, on lane: Lane) {
        let took = Monotonic.now() - entry.begun
        let next = storage.withLock { storage in
            storage.slots[slot].remove(entry.evaluation)
            storage.tally.count(answer, of: entry.evaluation.script, nanoseconds: took)
            return storage.stopping ? [] : storage.fill(slot, depth: depth)
        }
        if !send(next, on: lane, of: slot) { spread() }
    }

    /// - Returns: false where something is in the queue again that may find room elsewhere.
    @discardableResult private func send(_ evaluations: [Evaluation], on lane: Lane, of slot: Int) -> Bool {
        guard !evaluations.isEmpty else { return true }
        var isDone = true
        var back: [Evaluation] = []
        for evaluation in evaluations {
            switch lane.enqueue(evaluation) {
            case .taken: break
            case .closed: back.append(evaluation)
            case .refused(let error):
                storage.withLock { $0.slots[slot].remove(evaluation) }
                evaluation.post(.end(.failure(.unsendable(evaluation.request, error))))
                isDone = false
            }
        }
        lane.flush()
        if !back.isEmpty {
            // The slot was lost between the two locks, and was off the list before its lane was closed.
            let stopping = storage.withLock { storage in
                if !storage.stopping { storage.queue.prepend(back) }
                return storage.stopping
            }
            if stopping { for evaluation in back { evaluation.post(.end(.failure(.shutDown))) } }
            isDone = false
        }
        return isDone
    }

    /// Sends nothing more to the slot's worker, which is to be replaced when it has done what is on its way.
    func retire(_ slot: Int) {
        storage.withLock { $0.slots[slot].lane = nil }
    }

    /// The slot's worker is gone, or about to be. What was on its way to it comes back.
    ///
    /// - Parameter idle: it was at none of them, as far as anybody can see.
    /// - Returns: the one that it was at, which does not come back.
    func lose(_ lane: Lane, in slot: Int, idle: Bool) -> Evaluation? {
        storage.withLock { $0.slots[slot] = Slot() }
        // Nobody finds it any more; whoever has it in hand is turned away from here on.
        let entries = lane.close()
        let unbegun = entries.dropFirst(idle ? 0 : 1).filter { !$0.isOver }
        let stopping = storage.withLock { storage in
            if !storage.stopping {
                storage.queue.prepend(unbegun)
                storage.tally.totals.resent += unbegun.count
            }
            return storage.stopping
        }
        if stopping {
            for evaluation in unbegun { evaluation.post(.end(.failure(.shutDown))) }
        } else {
            spread()
        }
        return idle ? nil : entries.first
    }

    /// Gives the queue to whoever has room: the slots look at it only when something ends, so it must not wait beside a free worker.
    private func spread() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for slot in wakes.indices {
                let (next, lane) = storage.withLock { storage -> ([Evaluation], Lane?) in
                    (storage.fill(slot, depth: depth), storage.slots[slot].lane)
                }
                guard let lane, !next.isEmpty, !send(next, on: lane, of: slot) else { continue }
                isSettled = false
            }
        }
    }

    /// A worker that did nothing is gone, for a reason that is no script's.
    func countDeath() { storage.withLock { $0.tally.totals.deaths += 1 } }

    /// A run has cost the slot its worker.
    ///
    /// - Parameters:
    ///   - evaluation: the run.
    ///   - failure: how it ended.
    ///   - killed: the pool killed it, rather than that it died.
    ///   - reason: a clause; nil where the script is not to blame.
    func lost(_ evaluation: Evaluation, _ failure: ScriptFailure, killed: Bool, because reason: String?) {
        let version = reason.map { _ in ScriptVersion(evaluation.request) }
        let now = Monotonic.now() / 1_000_000
        let quarantined = storage.withLock { storage -> String? in
            storage.tally.count(.failure(failure), of: evaluation.script, nanoseconds: nil)
            if killed { storage.tally.totals.kills += 1 } else { storage.tally.totals.deaths += 1 }
            guard let reason, let version else { return nil }
            storage.tally.countKill(by: evaluation.script)
            return storage.book.strike(version, at: now, because: reason)
        }
        if let quarantined { configuration.log(.quarantined(script: evaluation.script, reason: quarantined)) }
    }
}

extension ScriptFailure {
    static func unsendable(_ request: ScriptRequest, _ error: FrameError) -> ScriptFailure {
        ScriptFailure(
            kind: .protocolViolation,
            message: "The request cannot be sent to a worker: \(error).",
            file: request.script.name
        )
    }
}
