import Domain
import Foundation
import StateStore

/// A log that somebody has changed since.
struct TamperedLog: DecisionLogStoring {
    let store: any DecisionLogStoring
    /// What became of a fleet's decisions.
    var decisions: @Sendable ([StoredDecision]) -> [StoredDecision] = { $0 }
    var heads: @Sendable ([LogHead]) -> [LogHead] = { $0 }
    var seals: @Sendable ([StoredCheckpoint]) -> [StoredCheckpoint] = { $0 }

    func logHeads() throws(StateStoreError) -> [LogHead] { heads(try store.logHeads()) }

    func linkedDecisions(of fleet: String, after number: Int64, limit: Int) throws(StateStoreError) -> [StoredDecision]
    {
        let all = decisions(try store.linkedDecisions(of: fleet, after: 0, limit: .max))
        return Array(all.filter { $0.sequence > number }.prefix(limit))
    }

    func checkpoints() throws(StateStoreError) -> [StoredCheckpoint] { seals(try store.checkpoints()) }
    func lastCheckpoint() throws(StateStoreError) -> StoredCheckpoint? { try checkpoints().last }
    func add(_ checkpoint: StoredCheckpoint) throws(StateStoreError) { try store.add(checkpoint) }

    func pruneLog(to checkpoint: Int64, heads: [LogHead], base: Data) throws(StateStoreError) -> Int {
        try store.pruneLog(to: checkpoint, heads: heads, base: base)
    }
}
