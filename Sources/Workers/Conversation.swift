import ScriptProtocol

/// One evaluation on one worker, from the request to the end of the run.
struct Conversation: ~Copyable {
    /// How it ended.
    enum Ending {
        case answered(Evaluation.Answer)
        case lost(Loss)
    }

    /// Why the worker cannot be used any more.
    enum Loss {
        case deadline(String)
        case closed
        case violation(String)
        case shutDown
    }

    let evaluation: Evaluation
    let connection: Connection
    let graceMilliseconds: Int64
    let callLimit: Int
    let stopping: () -> Bool

    private var wallMilliseconds: Int64 {
        // An hour is for ever, and far from overflow.
        min(max(evaluation.request.limits.wallMilliseconds, 0), 3_600_000)
    }

    func run() -> Ending {
        do throws(Connection.Trouble) {
            return .answered(try converse())
        } catch {
            switch error {
            case .deadline:
                return .lost(
                    .deadline("it did not end within \(wallMilliseconds) ms and a grace of \(graceMilliseconds) ms")
                )
            case .closed: return .lost(.closed)
            case .malformed(let what): return .lost(.violation(what))
            case .woken: return .lost(.shutDown)
            }
        }
    }

    private func converse() throws(Connection.Trouble) -> Evaluation.Answer {
        var deadline = Monotonic.now() + (wallMilliseconds + max(0, graceMilliseconds)) * 1_000_000
        try connection.send(evaluation.frame, deadline: deadline, stopping: stopping)
        var calls = 0
        while true {
            switch try connection.receive(deadline: deadline, stopping: stopping) {
            case .result(let result):
                return .success(result.cleaned)
            case .failure(let failure):
                guard failure.kind.isWorkers else { throw .malformed("it claims an ending that is not its to claim") }
                return .failure(failure.cleaned)
            case .hostCall(let call):
                calls += 1
                guard calls <= callLimit else {
                    // The clock runs on, so that asking in a loop comes to an end too.
                    let refusal = HostAnswer.failure("a run may ask the host \(callLimit) times")
                    try connection.send(refusal.frame(to: call), deadline: deadline, stopping: stopping)
                    continue
                }
                let left = deadline - Monotonic.now()
                let answer = try answer(to: call)
                // The host's time is not the script's.
                deadline = Monotonic.now() + left
                try connection.send(answer, deadline: deadline, stopping: stopping)
            case .request, .hostAnswer:
                throw .malformed("it speaks as if it were the host")
            }
        }
    }

    private func answer(to call: HostCall) throws(Connection.Trouble) -> [UInt8] {
        evaluation.post(.call(call))
        while true {
            switch evaluation.takeReply() {
            case .frame(let frame): return frame
            case .abandoned: return HostAnswer.failure("nobody waits for this run any more").frame(to: call)
            case .none: break
            }
            if stopping() { throw .woken }
            do throws(Connection.Trouble) {
                try connection.rest()
            } catch {
                guard case .woken = error else { throw error }
            }
        }
    }
}

extension HostAnswer {
    /// The answer as it is sent; an answer that cannot be sent becomes a failure that says so.
    func frame(to call: HostCall) -> [UInt8] {
        do throws(FrameError) {
            return try Frame.hostAnswer(self).encoded(limits: .toWorker)
        } catch {
            let failure = Frame.hostAnswer(.failure("the answer to \(call.name.prefix(100)) cannot be sent: \(error)"))
            // A short text always fits.
            return (try? failure.encoded(limits: .toWorker)) ?? []
        }
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
