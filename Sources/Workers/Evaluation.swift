import ScriptProtocol
import Synchronization

/// One run of a script, between the task that awaits it and the slot that sees to it.
///
///                       post(.call)               next()
///     quiet ──next()──▶ awaited ──▶ quiet    quiet ──post──▶ said ──▶ quiet
///       └──────── post(.end) fetched, or the task cancelled ────────▶ over
///
/// The task that awaits it answers the script's calls itself, so that what it answers with need not be `Sendable`.
final class Evaluation: Sendable {
    typealias Answer = Result<ScriptResult, ScriptFailure>

    /// What the worker says.
    enum Event: Sendable {
        case call(HostCall)
        case end(Answer)
    }

    /// What the slot finds where it waits for the host's answer to a call.
    enum Reply {
        case none
        case frame([UInt8])
        /// Nobody is there any more to give one.
        case abandoned
    }

    private enum Phase {
        /// The task does not wait, and nothing has been said.
        case quiet
        case awaited(CheckedContinuation<Event, Never>)
        /// Not fetched yet.
        case said(Event)
        /// The task has the last answer, or was cancelled.
        case over
    }

    private struct State {
        var phase = Phase.quiet
        var reply: [UInt8]?
        /// Of the slot that runs it.
        var wake: WakeSignal?
    }

    let request: ScriptRequest
    /// The request as it is sent.
    let frame: [UInt8]
    private let state = Mutex(State())

    init(_ request: ScriptRequest) throws(FrameError) {
        self.request = request
        frame = try Frame.request(request).encoded(limits: .toWorker)
    }

    var script: String { request.script.name }

    // MARK: The task's side

    /// What the worker says next; the end, at once, where the task is cancelled.
    func next() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let event: Event? = state.withLock { state in
                    switch state.phase {
                    case .said(let event):
                        if case .end = event { state.phase = .over } else { state.phase = .quiet }
                        return event
                    case .over:
                        return .end(.failure(.cancelled))
                    case .quiet, .awaited:
                        state.phase = .awaited(continuation)
                        return nil
                    }
                }
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            abandon()
        }
    }

    /// Hands the slot the answer to the call that `next` returned.
    func reply(_ frame: [UInt8]) {
        let wake = state.withLock { state in
            state.reply = frame
            return state.wake
        }
        wake?.signal()
    }

    private func abandon() {
        let (waiter, wake) = state.withLock { state -> (CheckedContinuation<Event, Never>?, WakeSignal?) in
            switch state.phase {
            case .said(.end), .over: return (nil, nil)
            case .quiet, .said(.call):
                state.phase = .over
                return (nil, state.wake)
            case .awaited(let waiter):
                state.phase = .over
                return (waiter, state.wake)
            }
        }
        // The slot is not stopped: the run has its limits, and its worker is good for the next one.
        waiter?.resume(returning: .end(.failure(.cancelled)))
        wake?.signal()
    }

    // MARK: The slot's side

    /// A slot takes it; false where nobody waits for it any more.
    func begin(_ wake: WakeSignal) -> Bool {
        state.withLock { state in
            if case .over = state.phase { return false }
            state.wake = wake
            return true
        }
    }

    func post(_ event: Event) {
        let waiter: CheckedContinuation<Event, Never>? = state.withLock { state in
            switch state.phase {
            case .over: return nil
            case .quiet, .said:
                state.phase = .said(event)
                return nil
            case .awaited(let waiter):
                if case .end = event { state.phase = .over } else { state.phase = .quiet }
                return waiter
            }
        }
        waiter?.resume(returning: event)
    }

    func takeReply() -> Reply {
        state.withLock { state in
            if let frame = state.reply.take() { return .frame(frame) }
            if case .over = state.phase { return .abandoned }
            return .none
        }
    }
}

extension ScriptFailure {
    static let cancelled = unavailable("The run was given up by whoever asked for it.")
    static let shutDown = unavailable("The script workers are shut down.")

    static func unavailable(_ message: String) -> ScriptFailure {
        ScriptFailure(kind: .unavailable, message: message)
    }
}
