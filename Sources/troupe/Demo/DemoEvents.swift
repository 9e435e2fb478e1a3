import Control
import Domain
import Synchronization

/// What the loop decided for whom lately, for the view.
final class DemoEvents: Sendable {
    private struct State {
        /// By fleet, the newest last: those that changed something.
        var changes: [String: [(at: Timestamp, reason: String)]] = [:]
        var decisions = 0
        var changed = 0
    }

    private let state = Mutex(State())

    func take(_ event: ControlEvent) {
        guard case .decided(let fleet, let at, let outcome, let reason, _) = event else { return }
        state.withLock { state in
            state.decisions += 1
            guard outcome != "hold" else { return }
            state.changed += 1
            var changes = state.changes[fleet] ?? []
            changes.append((at, reason))
            if changes.count > 64 { changes.removeFirst(32) }
            state.changes[fleet] = changes
        }
    }

    /// The latest of a fleet, the newest last.
    func changes(of fleet: String, _ count: Int) -> [(at: Timestamp, reason: String)] {
        state.withLock { Array(($0.changes[fleet] ?? []).suffix(count)) }
    }

    var counts: (decisions: Int, changed: Int) { state.withLock { ($0.decisions, $0.changed) } }
}
