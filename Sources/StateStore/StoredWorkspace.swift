package import Domain
package import Foundation

/// A workspace that was loaded, with its files as the loop encoded them.
package struct StoredWorkspace: Hashable, Sendable {
    /// From 1 on, in the order of loading; 0 while it is not stored.
    package var version: Int64
    package var at: Timestamp
    package var by: String
    package var reason: String
    /// Where it came from: `folder`, or `upload`.
    package var source: String
    /// Over the files, hexadecimal.
    package var digest: String
    package var fleets: [String]
    package var policies: [String]
    /// Opaque here; empty where a list of versions was asked for.
    package var files: Data

    package init(
        version: Int64 = 0,
        at: Timestamp,
        by: String,
        reason: String,
        source: String,
        digest: String,
        fleets: [String],
        policies: [String],
        files: Data
    ) {
        self.version = version
        self.at = at
        self.by = by
        self.reason = reason
        self.source = source
        self.digest = digest
        self.fleets = fleets
        self.policies = policies
        self.files = files
    }
}

/// That a version came into force: when, by whom, and why.
package struct WorkspaceChange: Hashable, Sendable {
    package var version: Int64
    package var at: Timestamp
    package var by: String
    package var reason: String

    package init(version: Int64, at: Timestamp, by: String, reason: String) {
        self.version = version
        self.at = at
        self.by = by
        self.reason = reason
    }
}
