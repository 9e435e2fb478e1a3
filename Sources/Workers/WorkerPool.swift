import Glibc
package import ScriptProtocol
import Synchronization

/// Runs scripts in worker processes, so that none of them can hurt, stall or outlive the host.
///
///     let workers = try WorkerPool()
///     let result = await workers.answer(request) { call in … }
///     workers.shutdown()
///
/// A pool keeps a few workers warm. Each has a thread of its own here, which spawns it, speaks with it and kills it at the deadline; a task
/// that awaits an answer holds no thread. Lua is not trusted even in there: what a worker says is decoded as an attack, and a script
/// that costs workers again and again is not run any more until it changes.
package final class WorkerPool: Sendable {
    /// In the environment: `1` goes on without a filter of system calls.
    static let allowanceVariable = "TROUPE_ALLOW_NO_SECCOMP"

    private let state: PoolState
    private let threads: Mutex<[SlotThread]>

    /// Starts the workers.
    ///
    /// - Throws: where the worker executable is not found or cannot be started.
    package init(configuration: WorkerPoolConfiguration = WorkerPoolConfiguration()) throws(WorkerPoolError) {
        guard (1...1024).contains(configuration.size) else {
            throw WorkerPoolError(
                .invalid,
                "a pool of \(configuration.size) script workers",
                advice: "Give it one for each processor that scripts may use."
            )
        }
        var configuration = configuration
        if let allowed = getenv(Self.allowanceVariable), String(cString: allowed) == "1" {
            configuration.allowsNoFilter = true
        }
        let executable = try WorkerExecutable.find(configured: configuration.executable)
        let state = try PoolState(configuration: configuration, executable: executable)
        let attempts = FirstAttempts(count: configuration.size, wake: try WakeSignal())
        self.state = state
        threads = Mutex([])
        for index in 0..<configuration.size {
            let slot = WorkerSlot(index: index, pool: state) { attempts.ended($0) }
            let thread = try Self.start(slot, orStop: self)
            threads.withLock { $0.append(thread) }
        }
        if let error = attempts.wait() {
            shutdown()
            if error.lacksFilter { throw .unfiltered(error.reason) }
            throw WorkerPoolError(
                .cannotStart,
                "the script worker cannot be started: \(error.reason)",
                advice: "Set \(WorkerExecutable.variable) to a troupe-worker of this version."
            )
        }
    }

    deinit { shutdown() }

    private static func start(_ slot: WorkerSlot, orStop pool: WorkerPool) throws(WorkerPoolError) -> SlotThread {
        do throws(WorkerPoolError) {
            return try SlotThread(name: "script-worker-\(slot.index)") { slot.run() }
        } catch {
            pool.shutdown()
            throw error
        }
    }

    /// Runs a script and answers with what came of it, in bounded time.
    ///
    /// The time that `calls` takes does not count against the script's. A task that is cancelled has its answer at once; the run goes on
    /// to its end without it.
    ///
    /// - Parameters:
    ///   - request: what to run.
    ///   - calls: answers what the script asks of the host while it runs.
    /// - Returns: the result, or why there is none.
    package func answer(
        _ request: ScriptRequest,
        calls: (HostCall) async -> HostAnswer = { _ in .failure("this script may not ask the host") }
    ) async -> Result<ScriptResult, ScriptFailure> {
        if let failure = state.quarantine(of: request) { return .failure(failure) }
        let evaluation: Evaluation
        do throws(FrameError) {
            evaluation = try Evaluation(request)
        } catch {
            return .failure(.unsendable(request, error))
        }
        if let refusal = state.submit(evaluation) { return .failure(refusal) }
        while true {
            switch await evaluation.next() {
            case .end(let answer): return answer
            case .call(let call):
                let answer = await calls(call)
                guard !Task.isCancelled else {
                    evaluation.abandon()
                    return .failure(.cancelled)
                }
                evaluation.reply(answer.frame(to: call))
            }
        }
    }

    /// Ends the pool; what still runs or waits ends as a failure.
    ///
    /// No process, thread or descriptor is left when it returns.
    package func shutdown() {
        state.stop()
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
    }

    /// How many short runs are at workers at most; further ones wait in the queue.
    package var capacity: Int { state.configuration.size * max(1, state.configuration.depth) }

    /// How the pool and its scripts have fared.
    package var health: WorkerPoolHealth { state.health }

    /// The scripts that are not run, sorted by name; what `health` says of them, without all the rest.
    package var quarantined: [WorkerPoolHealth.Quarantined] { state.quarantined }

    /// Says which scripts there are. Others that are in quarantine stay so should they come back, but are no versions in force until then.
    package func keep(_ scripts: Set<String>) { state.keep(scripts) }

    /// Ends the quarantine of a script, whatever its version.
    ///
    /// - Returns: whether it was in quarantine.
    @discardableResult
    package func lift(script: String) -> Bool { state.lift(script) }
}

/// Waits for the first worker of each slot.
private final class FirstAttempts: Sendable {
    private struct Outcome {
        var left: Int
        var succeeded = false
        var error = WorkerProcess.SpawnError(reason: "")
    }

    private let outcome: Mutex<Outcome>
    private let wake: WakeSignal

    init(count: Int, wake: WakeSignal) {
        outcome = Mutex(Outcome(left: count))
        self.wake = wake
    }

    func ended(_ error: WorkerProcess.SpawnError?) {
        outcome.withLock { outcome in
            outcome.left -= 1
            if let error { outcome.error = error } else { outcome.succeeded = true }
        }
        wake.signal()
    }

    /// Why, where not one could be started.
    func wait() -> WorkerProcess.SpawnError? {
        while true {
            let (left, succeeded, error) = outcome.withLock { ($0.left, $0.succeeded, $0.error) }
            if left == 0 { return succeeded ? nil : error }
            wake.wait(milliseconds: 1000)
        }
    }
}
