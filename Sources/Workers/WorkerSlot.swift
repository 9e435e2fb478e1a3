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
        /// It did some work, be it for a script that cost its life.
        case useful
        /// It never came up: another one may not either.
        case useless
        case stopped
    }

    private var wake: WakeSignal { pool.wakes[index] }
    var configuration: WorkerPoolConfiguration { pool.configuration }

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
                // Once is an accident, which costs nobody anything.
                if failures > 1 { pause(failures, reason: "the last \(failures) were gone before they did anything") }
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
                    let cameUp = lose(process, running: evaluation, loss)
                    return evaluations > 0 || cameUp ? .useful : .useless
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
        pool.finished(evaluation, answer)
        evaluation.post(.end(answer))
    }
}
