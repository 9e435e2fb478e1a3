package import Domain

/// Keeps the journal of actions.
///
/// Calls block: make them off the cooperative pool. New actions and what became of them come with `EvaluationBatch`.
package protocol ActionStoring: Sendable {
    /// All that are not over, in the order of storing.
    func openActions() throws(StateStoreError) -> [StoredAction]

    /// Those that `selection` means, the latest first.
    func actions(_ selection: ActionSelection) throws(StateStoreError) -> [StoredAction]

    func action(_ id: Int64) throws(StateStoreError) -> StoredAction?

    /// A person's word on an action that awaits one: it becomes `planned` or `rejected`.
    ///
    /// - Throws: `notFound`, `conflict` where it does not await a word (any more).
    func decideAction(_ id: Int64, approve: Bool, at time: Timestamp, by: String, note: String)
        throws(StateStoreError) -> StoredAction

    /// Forgets those that are over and were changed before `horizon`; answers how many.
    @discardableResult
    func pruneActions(before horizon: Timestamp) throws(StateStoreError) -> Int
}
