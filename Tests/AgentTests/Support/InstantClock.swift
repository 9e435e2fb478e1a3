import Agent
import Synchronization

/// A clock whose sleeps pass at once and move its time on by as much, so that tests never wait.
final class InstantClock: AgentClock {
    private struct State {
        var now: AgentInstant
        var sleeps: [Int64] = []
    }

    private let state: Mutex<State>

    init(wallMs: Int64 = 1_764_000_000_000) {
        state = Mutex(State(now: AgentInstant(wallMs: wallMs, monotonicMs: 1_000_000)))
    }

    var sleeps: [Int64] { state.withLock { $0.sleeps } }

    func now() -> AgentInstant { state.withLock { $0.now } }

    func sleep(ms: Int64) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(ms)
            state.now.wallMs += ms
            state.now.monotonicMs += ms
        }
        await Task.yield()
    }
}
