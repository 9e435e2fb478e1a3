import CProcessGuard
import Glibc
import ScriptProtocol
import Synchronization

/// The way to one worker: tasks send runs on it, the slot's thread sees to what comes back.
///
/// Several runs may be on their way. The worker takes them in their order, so the first is the one that it is at, and the clock that runs
/// is the first one's. The task that has a run sends it itself: that spares waking the slot's thread, which only waits for answers.
///
/// Where a run is alone and the last one was quick, that thread is woken all the same, and stays awake for the answer: to be woken by it
/// would take longer than the script.
///
///     enqueue ──▶ begun (first) ──▶ finish
///                   │   ▲
///              suspend  answer       (the host's time is not the script's)
final class Lane: Sendable {
    /// What came of sending.
    enum Sending {
        case taken
        /// The worker is gone; nothing has been sent.
        case closed
        /// The program cannot be sent to anybody.
        case refused(FrameError)
    }

    /// A run on its way.
    struct Entry {
        let evaluation: Evaluation
        /// When it became the first; what the host took for its answers is taken out again.
        var begun: Int64 = 0
        var calls = 0
    }

    private struct State {
        var entries: [Entry] = []
        var isOpen = true
        /// Of the first entry; `.max` where there is none, or it waits for the host.
        var deadline = Int64.max
        /// When the first entry asked the host, and what it had left then.
        var suspended: (at: Int64, left: Int64)?
        /// When the timer goes off; it may be earlier than it need be, which spares setting it for each run.
        var armed = Int64.max
        /// When the first entry was last sent on: begun, or given the host's answer.
        var resumed: Int64 = 0
        /// Whether the worker's last word came soon enough to stay awake for the next.
        var isQuick = false
        var programs = ProgramTable()
        var outgoing: [UInt8] = []
        var sent = 0
    }

    let socket: Int32
    private let wake: WakeSignal
    private let timer: DeadlineTimer
    private let graceMilliseconds: Int64
    private let mayWatch = troupe_guard_processors() > 1
    private let state = Mutex(State())

    init(socket: Int32, wake: WakeSignal, timer: DeadlineTimer, graceMilliseconds: Int64) {
        self.socket = socket
        self.wake = wake
        self.timer = timer
        self.graceMilliseconds = max(0, graceMilliseconds)
    }

    // MARK: Any thread

    /// Puts a run behind those that are on their way; `flush` sends it.
    func enqueue(_ evaluation: Evaluation) -> Sending {
        state.withLock { state in
            guard state.isOpen else { return .closed }
            let number: UInt32
            switch state.programs.place(evaluation.request.program) {
            case .known(let known): number = known
            case .new(let new):
                number = new
                do throws(FrameError) {
                    state.outgoing += try Frame.program(evaluation.request.program, number: new)
                        .encoded(limits: .toWorker)
                } catch {
                    // The table believes it to be there; it is not used again, for this run was refused for ever.
                    state.programs.forget()
                    return .refused(error)
                }
            }
            let start = state.outgoing.count + Frame.runProgramOffset
            state.outgoing += evaluation.frame
            for i in 0..<MemoryLayout<UInt32>.size {
                state.outgoing[start + i] = UInt8(truncatingIfNeeded: number >> (8 * i))
            }
            evaluation.enter(self)
            state.entries.append(Entry(evaluation: evaluation))
            if state.entries.count == 1 { begin(&state) }
            return .taken
        }
    }

    /// Sends what can be sent without waiting; the slot's thread sends the rest.
    func flush() {
        let wakes = state.withLock { state in
            send(&state)
            return !state.outgoing.isEmpty || isWatched(state)
        }
        if wakes { wake.signal() }
    }

    /// Gives the worker the host's answer to what the run has asked. Without effect where it does not wait for one.
    func answer(_ frame: [UInt8], for evaluation: Evaluation) {
        let wakes = state.withLock { state in
            guard state.isOpen, let suspended = state.suspended, state.entries.first?.evaluation === evaluation else {
                return false
            }
            let now = Monotonic.now()
            state.suspended = nil
            state.entries[0].begun += now - suspended.at
            state.resumed = now
            set(&state, deadline: now + suspended.left + Self.readingTime(of: frame))
            state.outgoing += frame
            send(&state)
            return !state.outgoing.isEmpty || isWatched(state)
        }
        if wakes { wake.signal() }
    }

    // MARK: The slot's thread

    var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }

    /// Until when the thread stays awake for the worker's next word; nil where it may sleep.
    var watchedUntil: Int64? { state.withLock { isWatched($0) ? $0.resumed + ActiveWait.longest : nil } }

    /// Whether something is left that waits for the socket to take it; tries once more.
    func hasMoreToSend() -> Bool {
        state.withLock { state in
            if !state.outgoing.isEmpty { send(&state) }
            return !state.outgoing.isEmpty
        }
    }

    /// The timer went off.
    ///
    /// - Throws: where the first run is late.
    func checkDeadline() throws(Trouble) {
        let late: String? = state.withLock { state in
            state.armed = .max
            guard state.deadline < .max else { return nil }
            if Monotonic.now() >= state.deadline, let first = state.entries.first {
                let wall = first.evaluation.wallMilliseconds
                return "it did not end within \(wall) ms and a grace of \(graceMilliseconds) ms"
            }
            set(&state, deadline: state.deadline)
            return nil
        }
        if let late { throw .deadline(late) }
    }

    /// The first run has ended, with `moreFollows` what the worker has said beyond that.
    func finish(moreFollows: Bool) throws(Trouble) -> Entry {
        let result: Result<Entry, Trouble> = state.withLock { state in
            guard let first = state.entries.first else {
                return .failure(.malformed("it speaks out of turn"))
            }
            guard state.suspended == nil, !moreFollows || state.entries.count > 1 else {
                return .failure(.malformed("it says more than it was asked"))
            }
            state.entries.removeFirst()
            state.deadline = .max
            state.isQuick = ActiveWait.isWorthwhile(after: Monotonic.now() - state.resumed)
            if !state.entries.isEmpty { begin(&state) }
            return .success(first)
        }
        return try result.get()
    }

    /// The first run asks the host: its clock stands still until it has the answer.
    ///
    /// - Returns: the run, and how often it has asked.
    func suspend(moreFollows: Bool) throws(Trouble) -> Entry {
        let result: Result<Entry, Trouble> = state.withLock { state in
            guard !state.entries.isEmpty, state.suspended == nil, !moreFollows else {
                return .failure(.malformed("it speaks out of turn"))
            }
            let now = Monotonic.now()
            state.suspended = (now, state.deadline - now)
            state.isQuick = ActiveWait.isWorthwhile(after: now - state.resumed)
            state.deadline = .max
            state.entries[0].calls += 1
            return .success(state.entries[0])
        }
        return try result.get()
    }

    /// Takes nothing more, and hands out what was on its way: the first was begun, the others were not.
    func close() -> [Evaluation] {
        state.withLock { state in
            state.isOpen = false
            state.deadline = .max
            state.outgoing = []
            defer { state.entries = [] }
            return state.entries.map(\.evaluation)
        }
    }

    // MARK: With the lock

    private func begin(_ state: inout State) {
        let now = Monotonic.now()
        state.entries[0].begun = now
        state.resumed = now
        let evaluation = state.entries[0].evaluation
        let time = (evaluation.wallMilliseconds + graceMilliseconds) * 1_000_000
        set(&state, deadline: now + time + Self.readingTime(of: evaluation.frame))
    }

    /// What a worker may take to read a long frame before the script goes on, in nanoseconds: that is not the script's time either. Twice what it
    /// does take; all that a run may look at comes to a tenth of a second.
    private static func readingTime(of frame: [UInt8]) -> Int64 { Int64(frame.count) * 2 }

    private func set(_ state: inout State, deadline: Int64) {
        state.deadline = deadline
        guard deadline < state.armed else { return }
        state.armed = deadline
        timer.set(deadline)
    }

    private func isWatched(_ state: State) -> Bool {
        mayWatch && state.isQuick && state.entries.count == 1 && state.suspended == nil
    }

    private func send(_ state: inout State) {
        while state.sent < state.outgoing.count {
            let count = state.outgoing.withUnsafeBytes { bytes in
                Glibc.send(
                    socket,
                    bytes.baseAddress?.advanced(by: state.sent),
                    bytes.count - state.sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if count > 0 {
                state.sent += count
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                // It is gone; the slot's thread sees that too.
                break
            }
        }
        state.outgoing.removeAll(keepingCapacity: state.outgoing.capacity <= 1 << 20)
        state.sent = 0
    }
}
