import CProcessGuard
import Glibc
import ScriptProtocol

/// One place in the pool: keeps a worker alive in it and hears what it says.
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
        /// It never did any: another one may not either.
        case useless
        case stopped
    }

    private var wake: WakeSignal { pool.wakes[index] }
    private var timer: DeadlineTimer { pool.timers[index] }
    var configuration: WorkerPoolConfiguration { pool.configuration }

    func run() {
        var started = 0
        var failures = 0
        while !pool.isStopping {
            do throws(WorkerProcess.SpawnError) {
                let service = try serveOne(again: started > 0)
                started += 1
                switch service {
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
        if started == 0 && failures == 0 { firstAttempt(WorkerProcess.SpawnError(reason: "the pool was shut down")) }
    }

    /// The whole service of one worker.
    ///
    /// - Throws: why it is not taken into service.
    private func serveOne(again: Bool) throws(WorkerProcess.SpawnError) -> Service {
        let process = try WorkerProcess(executable: pool.executable)
        let hello: WorkerHello
        do throws(Trouble) {
            hello = try process.greet(wake) { pool.isStopping }
        } catch {
            switch error {
            case .shutDown: throw WorkerProcess.SpawnError(reason: "the pool was shut down")
            case .closed: throw WorkerProcess.SpawnError(reason: "\(pool.executable) \(process.reap().words)")
            case .deadline(let what), .malformed(let what):
                throw WorkerProcess.SpawnError(reason: "\(pool.executable) is no worker of this version: \(what)")
            }
        }
        guard hello.filter != .refused || configuration.allowsNoFilter else {
            throw WorkerProcess.SpawnError(reason: hello.reason.cleaned, lacksFilter: true)
        }
        let grace = configuration.graceMilliseconds
        let lane = Lane(socket: process.socket, wake: wake, timer: timer, graceMilliseconds: grace)
        let unfiltered = hello.filter == .installed ? nil : hello.reason.cleaned
        pool.started(process.id, in: index, on: lane, unfiltered: unfiltered, again: again)
        if !again { firstAttempt(nil) }
        return serve(process, lane)
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

    /// What a worker has done.
    private struct Age {
        var evaluations = 0
        var busy: Int64 = 0
        var isRetiring = false
    }

    private func serve(_ process: consuming WorkerProcess, _ lane: Lane) -> Service {
        var age = Age()
        var inbox = Inbox()
        do throws(Trouble) {
            while true {
                try hear(lane, &inbox, &age)
                guard age.isRetiring && lane.isEmpty else { continue }
                recycle(process, lane)
                return .useful
            }
        } catch {
            let cameUp = lose(process, lane, error)
            if case .shutDown = error { return .stopped }
            return age.evaluations > 0 || cameUp ? .useful : .useless
        }
    }

    /// Waits for anything to happen, and sees to it.
    private func hear(_ lane: Lane, _ inbox: inout Inbox, _ age: inout Age) throws(Trouble) {
        let writable = lane.hasMoreToSend() ? Int16(POLLOUT) : 0
        var requests = (
            pollfd(fd: lane.socket, events: Int16(POLLIN) | writable, revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: timer.descriptor, events: Int16(POLLIN), revents: 0)
        )
        let found = withUnsafeMutableBytes(of: &requests) { bytes in
            let requests = bytes.assumingMemoryBound(to: pollfd.self).baseAddress
            if let end = lane.watchedUntil {
                repeat {
                    let found = poll(requests, 3, 0)
                    if found != 0 { return found }
                    // Only a processor that nobody else wants is spent on it.
                    sched_yield()
                } while Monotonic.now() < end
            }
            return poll(requests, 3, -1)
        }
        guard found > 0 else { return }
        if requests.1.revents != 0 {
            wake.drain()
            if pool.isStopping { throw .shutDown }
        }
        if requests.0.revents & ~Int16(POLLOUT) != 0 {
            try inbox.receive(lane.socket)
            while let frame = try inbox.next() { try take(frame, moreFollows: !inbox.isEmpty, lane, &age) }
        }
        // After what it has said: the answer may have been there in time.
        if requests.2.revents != 0 {
            timer.drain()
            try lane.checkDeadline()
        }
    }

    private func take(_ frame: Frame, moreFollows: Bool, _ lane: Lane, _ age: inout Age) throws(Trouble) {
        switch frame {
        case .result(let result):
            try finish(.success(result.cleaned), moreFollows: moreFollows, lane, &age)
        case .failure(let failure):
            guard failure.kind.isWorkers else { throw .malformed("it claims an ending that is not its to claim") }
            try finish(.failure(failure.cleaned), moreFollows: moreFollows, lane, &age)
        case .hostCall(let call):
            let entry = try lane.suspend(moreFollows: moreFollows)
            let limit = configuration.hostCallLimit
            if entry.calls > limit {
                let refusal = HostAnswer.failure("a run may ask the host \(limit) times")
                lane.answer(refusal.frame(to: call), for: entry.evaluation)
            } else if !entry.evaluation.post(.call(call)) {
                lane.answer(HostAnswer.abandoned.frame(to: call), for: entry.evaluation)
            }
        case .hello, .program, .run, .hostAnswer:
            throw .malformed("it speaks as if it were the host")
        }
    }

    private func finish(
        _ answer: Evaluation.Answer,
        moreFollows: Bool,
        _ lane: Lane,
        _ age: inout Age
    ) throws(Trouble) {
        let entry = try lane.finish(moreFollows: moreFollows)
        age.evaluations += 1
        age.busy += Monotonic.now() - entry.begun
        let rules = configuration.recycling
        if age.evaluations >= rules.evaluations || age.busy / 1_000_000 >= rules.busyMilliseconds {
            age.isRetiring = true
            pool.retire(index)
        }
        pool.finished(entry, answer, in: index, on: lane)
        entry.evaluation.post(.end(answer))
    }

    private func recycle(_ process: consuming WorkerProcess, _ lane: Lane) {
        let id = process.id
        _ = pool.lose(lane, in: index, idle: true)
        process.kill()
        configuration.log(.recycled(worker: id))
    }
}

extension ScriptFailure.Kind {
    /// Whether a worker may say it; the others are the supervisor's.
    fileprivate var isWorkers: Bool {
        switch self {
        case .syntax, .raised, .blind, .instructionLimit, .wallLimit, .memoryLimit, .logLimit, .resultLimit,
            .sourceLimit, .badResult, .protocolViolation:
            true
        case .deadline, .workerDied, .quarantined, .unavailable: false
        }
    }
}
