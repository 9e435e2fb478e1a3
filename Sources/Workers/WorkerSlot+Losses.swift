import Glibc
import ScriptProtocol

extension WorkerSlot {
    func lose(_ process: consuming WorkerProcess, idle trouble: Connection.Trouble) {
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
    ///
    /// - Returns: whether the worker had come up.
    func lose(
        _ process: consuming WorkerProcess,
        running evaluation: Evaluation,
        _ loss: Conversation.Loss
    ) -> Bool {
        let id = process.id
        let script = evaluation.script
        var failure = ScriptFailure(kind: .workerDied, message: "", file: script)
        var blame: String?
        var killed = true
        var cameUp = true
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
            cameUp = !ending.isStartFailure
        }
        // Counted first, for `lost` adds to what is known of the script.
        pool.finished(evaluation, .failure(failure))
        pool.lost(evaluation, in: index, killed: killed, because: blame)
        if case .shutDown = loss {
            // Not worth a line.
        } else if killed {
            configuration.log(.killed(worker: id, script: script, reason: failure.message))
        } else {
            configuration.log(.died(worker: id, script: script, how: failure.message))
        }
        evaluation.post(.end(.failure(failure)))
        return cameUp
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
