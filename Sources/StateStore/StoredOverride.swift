package import Domain

/// A person's word on a fleet, or on all, as it is kept: never deleted, an end is written into the row.
package struct StoredOverride: Hashable, Sendable {
    /// 0 before it is stored; numbers grow and are never used twice.
    package var id: Int64
    /// Nil: every fleet, those to come included.
    package var fleet: String?
    package var from: Timestamp
    package var word: OperatorOverride
    /// Troupe stopped the fleet itself: others kept changing it.
    package var isContention: Bool
    package var endedBy: String?

    package init(
        id: Int64 = 0,
        fleet: String?,
        from: Timestamp,
        word: OperatorOverride,
        isContention: Bool = false,
        endedBy: String? = nil
    ) {
        self.id = id
        self.fleet = fleet
        self.from = from
        self.word = word
        self.isContention = isContention
        self.endedBy = endedBy
    }
}

/// Keeps what people said that holds for a while.
///
/// Calls block: make them off the cooperative pool.
package protocol OverrideStoring: Sendable {
    /// Stores some, and ends others at the same instant, in one transaction; answers those stored, with their numbers.
    @discardableResult
    func replaceOverrides(ending: [Int64], with new: [StoredOverride], at time: Timestamp, by: String)
        throws(StateStoreError) -> [StoredOverride]

    /// Those that have no end or one after `time`, in the order of storing.
    func overrides(endingAfter time: Timestamp) throws(StateStoreError) -> [StoredOverride]
}
