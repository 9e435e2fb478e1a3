package import Domain
package import Foundation

/// Where the chain of a fleet's decisions stands: how many were linked, and the last link.
package struct LogHead: Hashable, Sendable, Codable {
    package var fleet: String
    package var length: Int64
    package var head: Data

    package init(fleet: String, length: Int64, head: Data) {
        self.fleet = fleet
        self.length = length
        self.head = head
    }
}

/// The heads of all fleets at one instant, sealed with a key that is not in the database. What the bytes mean is the loop's.
package struct StoredCheckpoint: Hashable, Sendable {
    /// 0 before it is stored; numbers grow by one.
    package var id: Int64
    package var at: Timestamp
    /// Nil where only their digest was kept.
    package var heads: Data?
    package var headsDigest: Data
    /// The seal of the one before; empty for the first of all.
    package var previous: Data
    package var seal: Data
    /// That retention has begun anew here; empty where it has not.
    package var base: Data

    package init(
        id: Int64 = 0,
        at: Timestamp,
        heads: Data?,
        headsDigest: Data,
        previous: Data,
        seal: Data,
        base: Data = Data()
    ) {
        self.id = id
        self.at = at
        self.heads = heads
        self.headsDigest = headsDigest
        self.previous = previous
        self.seal = seal
        self.base = base
    }
}

/// Keeps the chain of decisions and its checkpoints.
///
/// Calls block: make them off the cooperative pool. Decisions that bear a number are linked: `record` takes the next one of a fleet only.
package protocol DecisionLogStoring: Sendable {
    /// Of every fleet that has linked decisions, sorted by fleet.
    func logHeads() throws(StateStoreError) -> [LogHead]

    /// Linked decisions of a fleet with larger numbers than `number`, in their order.
    func linkedDecisions(of fleet: String, after number: Int64, limit: Int) throws(StateStoreError) -> [StoredDecision]

    /// In the order of storing.
    func checkpoints() throws(StateStoreError) -> [StoredCheckpoint]

    func lastCheckpoint() throws(StateStoreError) -> StoredCheckpoint?

    /// Stores one and, of the one before it, keeps the heads only where it was the first of its hour.
    func add(_ checkpoint: StoredCheckpoint) throws(StateStoreError)

    /// Retention begins anew at a checkpoint: forgets those before it, and what its heads cover, but never the last decision of a
    /// fleet; answers how many decisions went.
    func pruneLog(to checkpoint: Int64, heads: [LogHead], base: Data) throws(StateStoreError) -> Int
}
