import Domain
import Foundation
import StateStore
import Synchronization

/// Stores what evaluations leave behind, many at once: while one transaction is being written, the next one gathers.
///
///     record ─▶ waiting ─▶ one writer takes all that wait ─▶ StateStore.record ─▶ all of them go on
///
/// So a single decision is durable as soon as the disk allows, and ten thousand cost a few transactions.
final class DecisionRecorder: Sendable {
    /// What one evaluation leaves.
    ///
    /// The decision is linked here, where all of them pass one after the other.
    struct Entry: Sendable {
        /// Nil where only actions have become something else.
        var decision: StoredDecision?
        /// What of the decision the chain goes over; worked out where the decision was made.
        var content = Data()
        var policyStates: [PolicyState] = []
        var memories: [FleetMemory] = []
        var actions: [StoredAction] = []
    }

    private struct Waiting {
        var entry: Entry
        var continuation: CheckedContinuation<StateStoreError?, Never>
    }

    private struct State {
        /// By fleet; nil until they are read, and after a transaction that failed.
        var heads: [String: LogHead]?
        var waiting: [Waiting] = []
        var isWriting = false
    }

    private let store: any StateStoring
    private let threads: ControlThreads
    private let state = Mutex(State())

    init(store: any StateStoring, threads: ControlThreads) {
        self.store = store
        self.threads = threads
    }

    /// Returns once the entry is durable, or why it is not: then nothing of it was stored.
    func record(_ entry: Entry) async -> StateStoreError? {
        await withCheckedContinuation { continuation in
            let begins = state.withLock { state in
                state.waiting.append(Waiting(entry: entry, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if begins { threads.perform { self.write() } }
        }
    }

    private func write() {
        while true {
            let batch = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return state.waiting
            }
            guard !batch.isEmpty else { return }
            let errors = store(batch.map(\.entry))
            for (waiting, error) in zip(batch, errors) { waiting.continuation.resume(returning: error) }
        }
    }

    /// All in one transaction; where that is refused for what is in it, each in its own, so that one does not take the others with it.
    private func store(_ entries: [Entry]) -> [StateStoreError?] {
        do throws(StateStoreError) {
            try store.record(
                EvaluationBatch(
                    decisions: try linked(entries),
                    policyStates: entries.flatMap(\.policyStates),
                    memories: entries.flatMap(\.memories),
                    actions: entries.flatMap(\.actions)
                )
            )
            return entries.map { _ in nil }
        } catch {
            state.withLock { $0.heads = nil }
            guard entries.count > 1, error.code == .conflict || error.code == .invalid else {
                return entries.map { _ in error }
            }
            return entries.map { store([$0])[0] }
        }
    }

    /// The decisions with their numbers and links. Only the one writer is here.
    private func linked(_ entries: [Entry]) throws(StateStoreError) -> [StoredDecision] {
        // Taken out, so that ten thousand of them are not copied; where storing fails, they are read anew.
        let known = state.withLock { state in
            defer { state.heads = nil }
            return state.heads
        }
        var heads = known ?? [:]
        if known == nil { for head in try store.logHeads() { heads[head.fleet] = head } }
        var decisions: [StoredDecision] = []
        for entry in entries {
            guard var decision = entry.decision else { continue }
            let before = heads[decision.fleet] ?? LogHead(fleet: decision.fleet, length: 0, head: Data())
            let head = DecisionChain.following(before, content: entry.content)
            (decision.sequence, decision.link) = (head.length, head.head)
            heads[decision.fleet] = head
            decisions.append(decision)
        }
        state.withLock { $0.heads = heads }
        return decisions
    }
}
