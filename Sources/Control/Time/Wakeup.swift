import Domain
import Synchronization

/// Wakes one sleeper: a ring that comes while nobody sleeps wakes the next one at once.
final class Wakeup: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// May be called from anywhere; never blocks.
    func ring() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let sleeper = state.sleeper else {
                state.isRung = true
                return nil
            }
            state.sleeper = nil
            return sleeper
        }?
        .resume()
    }

    /// Until it rings, or the task is cancelled. One sleeper at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    // Cancelled before it slept: the handler has run already, and rang.
                    guard !state.isRung else {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }

    /// Until it rings, `time` comes, or the task is cancelled.
    func wait(until time: Timestamp, by clock: some LoopClock) async {
        await withTaskGroup { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(until: time) }
            await group.next()
            group.cancelAll()
        }
    }
}
