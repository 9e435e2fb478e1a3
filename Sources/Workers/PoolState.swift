import ScriptProtocol
import Synchronization

/// What tasks and slots of a pool share: the queue, who is idle, and how everything has fared.
final class PoolState: Sendable {
    /// What a slot does next.
    enum Work {
        case run(Evaluation)
        case rest
        case stop
    }

    private struct Storage {
        var queue = Queue()
        /// Slots that rest beside a living worker, the last to rest first to be woken: its caches are warm.
        var idle: [Int] = []
        /// Process ids by slot; 0 where there is none.
        var workers: [Int32]
        var stopping = false
        var health = WorkerPoolHealth()
        var book: QuarantineBook
    }

    let configuration: WorkerPoolConfiguration
    let executable: String
    /// By slot.
    let wakes: [WakeSignal]
    private let storage: Mutex<Storage>
    /// Names beyond it are counted in the totals only.
    private static let countedScripts = 10_000

    init(configuration: WorkerPoolConfiguration, executable: String) throws(WorkerPoolError) {
        self.configuration = configuration
        self.executable = executable
        var wakes: [WakeSignal] = []
        for _ in 0..<configuration.size { wakes.append(try WakeSignal()) }
        self.wakes = wakes
        storage = Mutex(
            Storage(
                workers: [Int32](repeating: 0, count: configuration.size),
                book: QuarantineBook(rules: configuration.quarantine)
            )
        )
    }

    var isStopping: Bool { storage.withLock { $0.stopping } }

    var health: WorkerPoolHealth {
        storage.withLock { storage in
            var health = storage.health
            health.workers = storage.workers.filter { $0 != 0 }
            health.queued = storage.queue.count
            health.quarantined = storage.book.quarantined
            return health
        }
    }

    // MARK: The tasks' side

    /// Why the request is not run at all, if it is in quarantine.
    func quarantine(of request: ScriptRequest) -> ScriptFailure? {
        let script = request.script.name
        guard storage.withLock({ $0.book.knows(script) }) else { return nil }
        let version = ScriptVersion(request)
        guard let reason = storage.withLock({ $0.book.reason(version) }) else { return nil }
        let failure = ScriptFailure(kind: .quarantined, message: "The script is quarantined. \(reason)", file: script)
        count(.failure(failure), of: script)
        return failure
    }

    /// Puts an evaluation into the queue.
    ///
    /// - Returns: why not, if so.
    func submit(_ evaluation: Evaluation) -> ScriptFailure? {
        let limit = configuration.queueLimit
        let (refusal, slot) = storage.withLock { storage -> (ScriptFailure?, Int?) in
            if storage.stopping { return (.shutDown, nil) }
            guard storage.queue.count < limit else {
                return (.unavailable("\(limit) runs wait for a script worker already."), nil)
            }
            storage.queue.append(evaluation)
            return (nil, storage.idle.popLast())
        }
        if let slot { wakes[slot].signal() }
        return refusal
    }

    func lift(_ script: String) {
        if storage.withLock({ $0.book.lift(script) }) { configuration.log(.lifted(script: script)) }
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

    func work(for slot: Int) -> Work {
        let wake = wakes[slot]
        return storage.withLock { storage in
            if storage.stopping { return .stop }
            storage.idle.removeAll { $0 == slot }
            while let evaluation = storage.queue.popFirst() {
                if evaluation.begin(wake) {
                    storage.health.running += 1
                    return .run(evaluation)
                }
            }
            storage.idle.append(slot)
            return .rest
        }
    }

    func started(_ worker: Int32, in slot: Int, again: Bool) {
        storage.withLock { storage in
            storage.workers[slot] = worker
            if again { storage.health.respawns += 1 }
        }
        configuration.log(.started(worker: worker))
    }

    /// The slot has no worker for a while.
    ///
    /// Where none has, whoever waits is told so.
    func notStarted(_ reason: String, in slot: Int, retryMilliseconds: Int64) {
        let waiting = storage.withLock { storage in
            storage.workers.contains { $0 != 0 } ? [] : storage.queue.removeAll()
        }
        for evaluation in waiting {
            evaluation.post(.end(.failure(.unavailable("No script worker can be started: \(reason)."))))
        }
        configuration.log(.notStarted(reason: reason, retryMilliseconds: retryMilliseconds))
    }

    /// The slot's worker is gone, for a reason that is no script's.
    func ended(in slot: Int, death: Bool) {
        storage.withLock { storage in
            storage.workers[slot] = 0
            storage.idle.removeAll { $0 == slot }
            if death { storage.health.deaths += 1 }
        }
    }

    /// A run has cost the slot its worker.
    ///
    /// - Parameters:
    ///   - evaluation: the run.
    ///   - slot: where it ran.
    ///   - killed: the pool killed it, rather than that it died.
    ///   - reason: a clause; nil where the script is not to blame.
    func lost(_ evaluation: Evaluation, in slot: Int, killed: Bool, because reason: String?) {
        let version = reason.map { _ in ScriptVersion(evaluation.request) }
        let now = Monotonic.now() / 1_000_000
        let quarantined = storage.withLock { storage -> String? in
            storage.workers[slot] = 0
            if killed { storage.health.kills += 1 } else { storage.health.deaths += 1 }
            guard let reason, let version else { return nil }
            storage.health.scripts[evaluation.script]?.kills += 1
            return storage.book.strike(version, at: now, because: reason)
        }
        if let quarantined { configuration.log(.quarantined(script: evaluation.script, reason: quarantined)) }
    }

    /// A run has come to its end.
    func finished(_ evaluation: Evaluation, _ answer: Evaluation.Answer) {
        storage.withLock { $0.health.running -= 1 }
        count(answer, of: evaluation.script)
    }

    private func count(_ answer: Evaluation.Answer, of script: String) {
        let failed = if case .failure = answer { 1 } else { 0 }
        storage.withLock { storage in
            storage.health.evaluations += 1
            storage.health.failures += failed
            let known = storage.health.scripts.count
            if known >= Self.countedScripts && storage.health.scripts[script] == nil { return }
            storage.health.scripts[script, default: .init()].evaluations += 1
            storage.health.scripts[script, default: .init()].failures += failed
        }
    }
}

/// First in, first out, at constant cost.
private struct Queue {
    private var items: [Evaluation?] = []
    private var first = 0

    var count: Int { items.count - first }

    mutating func append(_ evaluation: Evaluation) { items.append(evaluation) }

    mutating func popFirst() -> Evaluation? {
        guard first < items.count else { return nil }
        let item = items[first].take()
        first += 1
        if first == items.count || first >= 1024 {
            items.removeFirst(first)
            first = 0
        }
        return item
    }

    mutating func removeAll() -> [Evaluation] {
        defer {
            items = []
            first = 0
        }
        return items.compactMap(\.self)
    }
}
