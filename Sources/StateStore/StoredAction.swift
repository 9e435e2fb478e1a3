package import Domain
package import Foundation

/// A change on a fleet as the journal keeps it.
///
/// Written before it is tried, in the transaction of the decision that wants it; what it became is written over it. Its key is that of
/// all its driver calls and is never used twice.
package struct StoredAction: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case start
        case retire
        case assign
        case configure
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        /// A person has to say yes.
        case awaiting
        case planned
        case prechecked
        case applied
        case failed
        // Where it ends
        case verified
        case compensated
        /// A person said no.
        case rejected
        /// Nobody said anything in time, or it is not wanted any more.
        case withdrawn

        package var isOver: Bool {
            switch self {
            case .awaiting, .planned, .prechecked, .applied, .failed: false
            case .verified, .compensated, .rejected, .withdrawn: true
            }
        }
    }

    /// 0 before it is stored; numbers grow and are never used twice.
    package var id: Int64
    package var key: String
    package var fleet: String
    /// The decision that wants it.
    package var decided: Timestamp
    package var kind: Kind
    package var state: State
    /// What it is, for a person: `start 3 web`.
    package var summary: String
    /// What it is, as the loop encoded it. Opaque here.
    package var body: Data
    /// What became of it, as the loop encoded it; empty while there is nothing to say.
    package var progress: Data
    /// What happened last, a sentence; empty while nothing has.
    package var note: String
    /// When its state became what it is.
    package var changed: Timestamp
    /// While it awaits a person: until when.
    package var expires: Timestamp?
    /// Who approved or rejected it.
    package var decidedBy: String?

    package init(
        id: Int64 = 0,
        key: String,
        fleet: String,
        decided: Timestamp,
        kind: Kind,
        state: State,
        summary: String,
        body: Data,
        progress: Data = Data(),
        note: String = "",
        changed: Timestamp,
        expires: Timestamp? = nil,
        decidedBy: String? = nil
    ) {
        self.id = id
        self.key = key
        self.fleet = fleet
        self.decided = decided
        self.kind = kind
        self.state = state
        self.summary = summary
        self.body = body
        self.progress = progress
        self.note = note
        self.changed = changed
        self.expires = expires
        self.decidedBy = decidedBy
    }
}

/// Which actions are meant: those for which every condition that is given holds.
package struct ActionSelection: Hashable, Sendable {
    package var fleet: String?
    package var states: Set<StoredAction.State>?
    /// Only those with a smaller number.
    package var before: Int64?
    package var limit: Int

    package init(
        fleet: String? = nil,
        states: Set<StoredAction.State>? = nil,
        before: Int64? = nil,
        limit: Int = .max
    ) {
        self.fleet = fleet
        self.states = states
        self.before = before
        self.limit = limit
    }
}
