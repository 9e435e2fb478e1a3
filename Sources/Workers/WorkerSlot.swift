import Glibc
import ScriptProtocol

/// One place in the pool: keeps a worker alive in it and brings it work.
///
/// Lives on a thread of its own.
struct WorkerSlot {
    let index: Int
    let pool: PoolState
    /// Told once, when the first attempt to start a worker has ended.
    let firstAttempt: @Sendable (WorkerProcess.SpawnError?) -> Void

    /// How the service of one worker ended.
    private enum Service {
        /// It had answered a request before it was lost or replaced.
        case useful
        case useless
        case stopped
    }

    private var wake: WakeSignal { pool.wakes[index] }
    private var configuration: WorkerPoolConfiguration { pool.configuration }

    func run() {
        var started = 0
        var failures = 0
        while !pool.isStopping {
            do throws(WorkerProcess.SpawnError) {
                let process = try WorkerProcess(executable: pool.executable)
                pool.started(process.id, in: index, again: started > 0)
                if started == 0 { firstAttempt(nil) }
                started += 1
                switch serve(process) {
                case .useful: failures = 0
                case .useless: failures += 1
                case .stopped: return
                }
                // The first loss costs nobody anything: a script that kills may be the first that a worker meets.
                if failures > 1 { pause(failures, reason: "the last \(failures) answered nothing") }
            } catch {
                if started == 0 && failures == 0 { firstAttempt(error) }
                failures += 1
                pause(failures, reason: error.reason)
            }
        }
    }

    /// Doubles with each failure.
    private func pause(_ failures: Int, reason: String) {
        let longest = max(1, configuration.longestBackoffMilliseconds)
        let length = min(longest, 10 << Int64(min(failures, 20)))
        pool.notStarted(reason, in: index, retryMilliseconds: length)
        let end = Monotonic.now() + length * 1_000_000
        while !pool.isStopping {
            let left = (end - Monotonic.now()) / 1_000_000
            guard left > 0 else { return }
            wake.wait(milliseconds: left)
        }
    }

    private func serve(_ process: consuming WorkerProcess) -> Service {
        let id = process.id
        var evaluations = 0
        var busy: Int64 = 0
        while true {
            switch pool.work(for: index) {
            case .stop:
                pool.ended(in: index, death: false)
                process.kill()
                return .stopped
            case .rest:
                do throws(Connection.Trouble) {
                    try Connection(socket: process.socket, wake: wake).rest()
                } catch {
                    if case .woken = error { continue }
                    lose(process, idle: error)
                    return evaluations > 0 ? .useful : .useless
                }
            case .run(let evaluation):
                let begin = Monotonic.now()
                switch conversation(evaluation, on: process.socket).run() {
                case .answered(let answer):
                    evaluations += 1
                    busy += (Monotonic.now() - begin) / 1_000_000
                    let old =
                        evaluations >= configuration.recycling.evaluations
                        || busy >= configuration.recycling.busyMilliseconds
                    if old {
                        pool.ended(in: index, death: false)
                        process.kill()
                        configuration.log(.recycled(worker: id))
                        finish(evaluation, answer)
                        return .useful
                    }
                    finish(evaluation, answer)
                case .lost(let loss):
                    lose(process, running: evaluation, loss)
                    return evaluations > 0 ? .useful : .useless
                }
            }
        }
    }

    private func conversation(_ evaluation: Evaluation, on socket: Int32) -> Conversation {
        let pool = pool
        return Conversation(
            evaluation: evaluation,
            connection: Connection(socket: socket, wake: wake),
            graceMilliseconds: configuration.graceMilliseconds,
            callLimit: configuration.hostCallLimit,
            stopping: { pool.isStopping }
        )
    }

    private func finish(_ evaluation: Evaluation, _ answer: Evaluation.Answer) {
        pool.count(answer, of: evaluation.script)
        evaluation.post(.end(answer))
    }

    private func lose(_ process: consuming WorkerProcess, idle trouble: Connection.Trouble) {
        let id = process.id
        pool.ended(in: index, death: true)
        if case .malformed(let what) = trouble {
            process.kill()
            configuration.log(.died(worker: id, script: nil, how: "was killed, since \(what),"))
        } else {
            let ending = process.reap()
            configuration.log(.died(worker: id, script: nil, how: ending.words))
        }
    }

    /// Ends the process before the evaluation, so that whoever learns of the failure finds nothing left of it.
    private func lose(
        _ process: consuming WorkerProcess,
        running evaluation: Evaluation,
        _ loss: Conversation.Loss
    ) {
        let id = process.id
        let script = evaluation.script
        var failure = ScriptFailure(kind: .workerDied, message: "", file: script)
        var blame: String?
        var killed = true
        switch loss {
        case .shutDown:
            process.kill()
            failure = .shutDown
        case .deadline(let what):
            process.kill()
            failure.kind = .deadline
            failure.message = "The run was killed: \(what)."
            blame = what
        case .violation(let what):
            process.kill()
            failure.kind = .protocolViolation
            failure.message = "The worker's answer cannot be read: \(what)."
            blame = "its worker's answer could not be read: \(what)"
        case .closed:
            let ending = process.reap()
            failure.message = "The worker \(ending.words) during the run."
            if ending.isScripts { blame = "its worker \(ending.words)" }
            killed = false
        }
        // Counted first, for `lost` adds to what is known of the script.
        pool.count(.failure(failure), of: script)
        pool.lost(evaluation, in: index, killed: killed, because: blame)
        if case .shutDown = loss {
            // Not worth a line.
        } else if killed {
            configuration.log(.killed(worker: id, script: script, reason: failure.message))
        } else {
            configuration.log(.died(worker: id, script: script, how: failure.message))
        }
        evaluation.post(.end(.failure(failure)))
    }
}

extension WorkerProcess.Ending {
    /// A predicate: `was killed by signal 11`.
    var words: String {
        switch self {
        case .exited(2): "was not started as a worker"
        case .exited(3): "was denied by the system what it needs to be safe"
        case .exited(let code): "exited with \(code)"
        case .signalled(let signal): "was killed by signal \(signal)"
        case .killed: "closed its connection"
        }
    }

    /// Whether what ran is to blame.
    ///
    /// A script cannot send signals; those of people and of the system are not its fault.
    var isScripts: Bool {
        switch self {
        case .exited(2), .exited(3): false
        case .exited, .killed: true
        case .signalled(let signal): ![SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(signal)
        }
    }
}
