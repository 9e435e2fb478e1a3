import Glibc
import ScriptProtocol

extension WorkerSlot {
    /// Ends the process before the evaluation, so that whoever learns of the failure finds nothing left of it; and before either, hands
    /// to others what was on its way.
    ///
    /// - Returns: whether the worker had come up.
    func lose(_ process: consuming WorkerProcess, _ lane: Lane, _ trouble: Trouble) -> Bool {
        let id = process.id
        guard let evaluation = pool.lose(lane, in: index, idle: false) else {
            return lose(idle: process, trouble)
        }
        let script = evaluation.script
        var failure = ScriptFailure(kind: .workerDied, message: "", file: script)
        var blame: String?
        var killed = true
        var cameUp = true
        switch trouble {
        case .shutDown:
            process.kill()
            failure = .shutDown
        case .deadline(let what):
            process.kill()
            failure.kind = .deadline
            failure.message = "The run was killed: \(what)."
            blame = what
        case .malformed(let what):
            process.kill()
            failure.kind = .protocolViolation
            failure.message = "The worker's answer cannot be read: \(what)."
            blame = "its worker's answer could not be read: \(what)"
        case .closed:
            let ending = process.reap()
            failure.message = "The worker \(ending.words) during the run."
            if ending.isScripts { blame = "its worker \(ending.words)" }
            killed = false
            cameUp = !ending.isStartFailure
        }
        pool.lost(evaluation, failure, killed: killed, because: blame)
        if case .shutDown = trouble {
            // Not worth a line.
        } else if killed {
            configuration.log(.killed(worker: id, script: script, reason: failure.message))
        } else {
            configuration.log(.died(worker: id, script: script, how: failure.message))
        }
        evaluation.post(.end(.failure(failure)))
        return cameUp
    }

    private func lose(idle process: consuming WorkerProcess, _ trouble: Trouble) -> Bool {
        let id = process.id
        switch trouble {
        case .shutDown:
            process.kill()
            return true
        case .malformed(let what), .deadline(let what):
            process.kill()
            configuration.log(.died(worker: id, script: nil, how: "was killed, since \(what),"))
        case .closed:
            configuration.log(.died(worker: id, script: nil, how: process.reap().words))
        }
        pool.countDeath()
        return false
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

    /// The codes by which a worker says that it cannot be one.
    var isStartFailure: Bool {
        if case .exited(2...3) = self { true } else { false }
    }

    /// Whether what ran is to blame.
    ///
    /// A script cannot send signals; those of people and of the system are not its fault.
    var isScripts: Bool {
        switch self {
        case .exited, .killed: !isStartFailure
        case .signalled(let signal): ![SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(signal)
        }
    }
}
