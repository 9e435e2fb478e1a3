import Control
import Synchronization

/// What a loop has told, and a way to wait for what it will tell.
final class EventLog: Sendable {
    private struct Waiting {
        var count: Int
        var matches: @Sendable (ControlEvent) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [ControlEvent] = []
        var waiting: [Waiting] = []
    }

    private let state = Mutex(State())

    var all: [ControlEvent] { state.withLock { $0.events } }

    func take(_ event: ControlEvent) {
        let met = state.withLock { state in
            state.events.append(event)
            let events = state.events
            let isMet = { (waiting: Waiting) in events.count(where: waiting.matches) >= waiting.count }
            let met = state.waiting.filter(isMet).map(\.continuation)
            state.waiting.removeAll(where: isMet)
            return met
        }
        for continuation in met { continuation.resume() }
    }

    /// Until so many such events have come, those of before included.
    func wait(for count: Int = 1, _ matches: @escaping @Sendable (ControlEvent) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.count(where: matches) >= count { return true }
                state.waiting.append(Waiting(count: count, matches: matches, continuation: continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
