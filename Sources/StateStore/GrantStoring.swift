package import Domain

/// What the operator lets a plugin reach.
package struct StoredGrant: Hashable, Sendable {
    package var plugin: String
    /// The version of the plugin that was looked at.
    package var version: String
    /// One line each, as they were shown: `http GET https://*:6443`.
    package var needs: [String]
    package var at: Timestamp
    package var by: String

    package init(plugin: String, version: String, needs: [String], at: Timestamp, by: String) {
        self.plugin = plugin
        self.version = version
        self.needs = needs
        self.at = at
        self.by = by
    }
}

/// Keeps what plugins were granted.
///
/// Calls block: make them off the cooperative pool.
package protocol GrantStoring: Sendable {
    /// Every grant, sorted by plugin.
    func grants() throws(StateStoreError) -> [StoredGrant]

    /// Nil where the plugin was never granted anything.
    func grant(of plugin: String) throws(StateStoreError) -> StoredGrant?

    /// Replaces what the plugin was granted before.
    func store(_ grant: StoredGrant) throws(StateStoreError)

    /// - Returns: whether there was one.
    @discardableResult
    func removeGrant(of plugin: String) throws(StateStoreError) -> Bool
}
