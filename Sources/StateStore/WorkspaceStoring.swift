import Domain

/// Keeps the workspaces that were loaded, so that one can be put in force again.
///
/// Calls block, and a call that writes is one durable transaction, as those of `StateStoring`.
package protocol WorkspaceStoring: Sendable {
    /// Stores a workspace as the next version and puts it in force; answers its number.
    func load(_ workspace: StoredWorkspace) throws(StateStoreError) -> Int64

    /// Puts a version in force again.
    ///
    /// - Throws: `notFound`.
    func restore(_ change: WorkspaceChange) throws(StateStoreError)

    /// The last change: what is in force, and how it came there. nil before the first load.
    func workspaceInForce() throws(StateStoreError) -> WorkspaceChange?

    /// A version with its files; nil where there is none of that number.
    func workspace(version: Int64) throws(StateStoreError) -> StoredWorkspace?

    /// The latest version that came from `source`, without its files.
    func latestWorkspace(from source: String) throws(StateStoreError) -> StoredWorkspace?

    /// The latest `limit` versions, the newest first, without their files.
    func workspaces(limit: Int) throws(StateStoreError) -> [StoredWorkspace]
}
