package import Domain

/// A change that someone asked for, and what came of it.
package struct AuditEntry: Hashable, Sendable {
    /// 0 before it is stored; numbers grow and are never used twice.
    package var id: Int64
    package var at: Timestamp
    /// Name of the token, or of the user of this machine.
    package var actor: String
    /// Id of the token; nil where none was needed.
    package var token: String?
    /// `assign persona`, `load workspace`, …
    package var action: String
    /// What was to be changed: `web-17`.
    package var subject: String
    /// What was asked for, in a few words.
    package var detail: String
    /// Id of the request; empty where there was none.
    package var request: String
    /// Address it came from, or `this machine`.
    package var client: String
    /// `pending` until the change was made or refused. One that stays so was cut off: it may have been made or not.
    package var outcome: String

    /// The outcome of an entry whose change is being made.
    package static let pending = "pending"

    package init(
        id: Int64 = 0,
        at: Timestamp,
        actor: String,
        token: String?,
        action: String,
        subject: String,
        detail: String,
        request: String,
        client: String,
        outcome: String = AuditEntry.pending
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.token = token
        self.action = action
        self.subject = subject
        self.detail = detail
        self.request = request
        self.client = client
        self.outcome = outcome
    }
}

/// Which entries of the audit are meant: those for which every condition that is given holds.
package struct AuditSelection: Hashable, Sendable {
    package var actor: String?
    package var action: String?
    package var from: Timestamp?
    package var to: Timestamp?
    /// Only entries with a smaller number.
    package var before: Int64?
    package var limit: Int

    package init(
        actor: String? = nil,
        action: String? = nil,
        from: Timestamp? = nil,
        to: Timestamp? = nil,
        before: Int64? = nil,
        limit: Int
    ) {
        self.actor = actor
        self.action = action
        self.from = from
        self.to = to
        self.before = before
        self.limit = limit
    }
}
