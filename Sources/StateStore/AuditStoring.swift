package import Domain

/// Keeps who changed what.
///
/// Calls block: make them off the cooperative pool. An entry is stored before its change is made, so that no change is without one, and
/// finished afterwards.
package protocol AuditStoring: Sendable {
    /// Stores an entry durably; answers its number.
    func begin(_ entry: AuditEntry) throws(StateStoreError) -> Int64

    /// Says what came of an entry: its outcome, and the detail where it is known better now.
    func finishAudit(_ id: Int64, outcome: String, detail: String?) throws(StateStoreError)

    /// The entries that `selection` means, newest first.
    func audit(_ selection: AuditSelection) throws(StateStoreError) -> [AuditEntry]

    /// Forgets entries with `at < horizon`; answers how many.
    @discardableResult
    func pruneAudit(before horizon: Timestamp) throws(StateStoreError) -> Int
}
