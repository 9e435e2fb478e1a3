import Domain
import StateStore
import Synchronization

/// What people said that may still hold, for those who decide.
final class OverrideBook: Sendable {
    private let overrides = Mutex<[StoredOverride]>([])

    func replace(_ all: [StoredOverride]) { overrides.withLock { $0 = all } }

    func change(ending: Set<Int64>, with new: [StoredOverride]) {
        overrides.withLock { known in
            known.removeAll { ending.contains($0.id) }
            known += new
        }
    }

    /// Of one fleet and of all, in the order of saying.
    func holding(for fleet: String, at now: Timestamp) -> [StoredOverride] {
        overrides.withLock { $0.filter { ($0.fleet == nil || $0.fleet == fleet) && $0.word.holds(at: now) } }
    }

    func all(at now: Timestamp) -> [StoredOverride] {
        overrides.withLock { known in
            known.removeAll { !$0.word.holds(at: now) }
            return known
        }
    }
}
