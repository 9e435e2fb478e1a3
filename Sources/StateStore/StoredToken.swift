package import Domain

/// What the holder of a token may do.
///
/// Written `agent`, `viewer`, `operator`, `admin`.
package enum TokenScope: String, Hashable, Sendable, Codable, CaseIterable {
    /// Sends KPIs and reads what to collect, nothing else.
    case agent
    /// Reads.
    case viewer
    /// Reads, assigns personas, sends KPIs.
    case `operator`
    /// Everything: the workspace, tokens and the audit too.
    case admin
}

/// A token as it is kept: never its secret, only the secret's digest.
package struct StoredToken: Hashable, Sendable {
    /// Part of the token's text, and no secret: by it the token is found.
    package var id: String
    /// Who or what holds it; the audit names it so.
    package var name: String
    package var scope: TokenScope
    /// SHA-256 of the secret. 256 random bits need no salt and no stretching: there is nothing to guess from.
    package var digest: [UInt8]
    package var createdAt: Timestamp
    package var createdBy: String
    /// nil: never.
    package var expiresAt: Timestamp?
    package var revokedAt: Timestamp?
    package var revokedBy: String?
    /// To the minute; nil where it was never used.
    package var lastUsedAt: Timestamp?

    package init(
        id: String,
        name: String,
        scope: TokenScope,
        digest: [UInt8],
        createdAt: Timestamp,
        createdBy: String,
        expiresAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil,
        revokedBy: String? = nil,
        lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.scope = scope
        self.digest = digest
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
        self.lastUsedAt = lastUsedAt
    }

    /// Neither revoked nor expired.
    package func isValid(at now: Timestamp) -> Bool {
        revokedAt == nil && expiresAt.map { now < $0 } ?? true
    }
}
