import Control
import Domain
import Synchronization

/// Time that stands until a test moves it.
final class ManualClock: LoopClock {
    private struct Sleeper {
        var time: Timestamp
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now: Timestamp
        var serial = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(_ now: Timestamp = ManualClock.monday) { state = Mutex(State(now: now)) }

    /// Monday, 2 March 2026, 12:00 UTC.
    static let monday = Timestamp(milliseconds: 1_772_452_800_000)

    var now: Timestamp { state.withLock { $0.now } }

    func advance(_ span: TimeSpan) { advance(to: now + span) }

    func advance(to time: Timestamp) {
        let woken = state.withLock { state in
            state.now = max(state.now, time)
            let woken = state.sleepers.filter { $0.value.time <= state.now }
            for id in woken.keys { state.sleepers[id] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume(returning: true) }
    }

    func sleep(until time: Timestamp) async throws {
        let id = state.withLock { state in
            state.serial += 1
            return state.serial
        }
        let woke = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ended: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if time <= state.now { return true }
                    state.sleepers[id] = Sleeper(time: time, continuation: continuation)
                    return nil
                }
                if let ended { continuation.resume(returning: ended) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !woke { throw CancellationError() }
    }
}
