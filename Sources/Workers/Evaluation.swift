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
        /// What was asked and not answered yet.
        var asked: HostCall?
        /// Where it runs.
        var lane: Lane?
    }

    let request: ScriptRequest
    /// The run as it is sent, but for the number of its program.
    let frame: [UInt8]
    private let state = Mutex(State())

    init(_ request: ScriptRequest) throws(FrameError) {
        self.request = request
        frame = try Frame.run(try ProgramRun(request, program: 0)).encoded(limits: .toWorker)
    }

    var script: String { request.script.name }

    /// An hour is for ever, and far from overflow.
    var wallMilliseconds: Int64 { min(max(request.limits.wallMilliseconds, 0), 3_600_000) }

    /// Whether others may wait behind it at a worker. What runs longer, or is large, has one for itself.
    var isShort: Bool { request.limits.wallMilliseconds <= 1000 && frame.count <= 256 << 10 }

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

    /// Gives the worker the answer to the call that `next` returned.
    func reply(_ frame: [UInt8]) {
        let lane: Lane? = state.withLock { state in
            if case .over = state.phase { return nil }
            state.asked = nil
            return state.lane
        }
        lane?.answer(frame, for: self)
    }

    /// Nobody waits for it any more.
    func abandon() {
        let (waiter, asked, lane) = state.withLock {
            state -> (CheckedContinuation<Event, Never>?, HostCall?, Lane?) in
            var waiter: CheckedContinuation<Event, Never>?
            switch state.phase {
            case .said(.end), .over: return (nil, nil, nil)
            case .quiet, .said(.call): break
            case .awaited(let continuation): waiter = continuation
            }
            state.phase = .over
            return (waiter, state.asked.take(), state.lane)
        }
        // The worker is not stopped: the run has its limits, and its worker is good for the next one.
        waiter?.resume(returning: .end(.failure(.cancelled)))
        if let asked { lane?.answer(HostAnswer.abandoned.frame(to: asked), for: self) }
    }

    // MARK: The pool's side

    /// It has come to its end, or was abandoned.
    var isOver: Bool { state.withLock { if case .over = $0.phase { true } else { false } } }

    /// It is sent on a lane.
    func enter(_ lane: Lane) { state.withLock { $0.lane = lane } }

    /// Tells what the worker says; false where nobody is there to hear it.
    @discardableResult func post(_ event: Event) -> Bool {
        let (waiter, heard) = state.withLock { state -> (CheckedContinuation<Event, Never>?, Bool) in
            if case .call(let call) = event { state.asked = call } else { state.lane = nil }
            switch state.phase {
            case .over:
                state.asked = nil
                return (nil, false)
            case .quiet, .said:
                state.phase = .said(event)
                return (nil, true)
            case .awaited(let waiter):
                if case .end = event { state.phase = .over } else { state.phase = .quiet }
                return (waiter, true)
            }
        }
        waiter?.resume(returning: event)
        return heard
    }
}

extension HostAnswer {
    static let abandoned = HostAnswer.failure("nobody waits for this run any more")

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

extension ScriptFailure {
    static let cancelled = unavailable("The run was given up by whoever asked for it.")
    static let shutDown = unavailable("The script workers are shut down.")

    static func unavailable(_ message: String) -> ScriptFailure {
        ScriptFailure(kind: .unavailable, message: message)
    }
}
