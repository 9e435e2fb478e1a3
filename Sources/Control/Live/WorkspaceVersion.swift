package import Domain

/// A workspace that was, or is, in force.
package struct WorkspaceVersion: Sendable, Codable, Equatable {
    /// From 1 on.
    package var version: Int64
    package var at: Timestamp
    package var by: String
    package var reason: String
    /// SHA-256 over its files, hexadecimal.
    package var digest: String
    package var isInForce: Bool
    package var fleets: [String]
    package var policies: [String]

    package init(
        version: Int64,
        at: Timestamp,
        by: String,
        reason: String,
        digest: String,
        isInForce: Bool,
        fleets: [String],
        policies: [String]
    ) {
        self.version = version
        self.at = at
        self.by = by
        self.reason = reason
        self.digest = digest
        self.isInForce = isInForce
        self.fleets = fleets
        self.policies = policies
    }
}
