package import Domain
package import Foundation

/// A decision as it is kept: the line that every list shows, and how much of its trace was worth its bytes.
package struct StoredDecision: Hashable, Sendable {
    /// What is kept of the way to the decision.
    package enum Trace: Hashable, Sendable {
        /// All of it: the record as the loop encoded it, with which the decision can be replayed. Opaque here.
        case full(Data)
        /// Nothing but `inputDigest`: the inputs were of the same kind as those of the last full trace.
        case digest
    }

    package var fleet: String
    package var at: Timestamp
    package var outcome: String
    package var current: Int
    package var target: Int
    package var reason: String
    /// Digest of the decision's inputs, as the loop computes it.
    package var inputDigest: String
    package var trace: Trace
    /// Its number within its fleet, from 1 on, and the digest of all up to it, as the loop computes it; 0 and empty where it is not linked.
    package var sequence: Int64
    package var link: Data

    package init(
        fleet: String,
        at: Timestamp,
        outcome: String,
        current: Int,
        target: Int,
        reason: String,
        inputDigest: String,
        trace: Trace,
        sequence: Int64 = 0,
        link: Data = Data()
    ) {
        self.fleet = fleet
        self.at = at
        self.outcome = outcome
        self.current = current
        self.target = target
        self.reason = reason
        self.inputDigest = inputDigest
        self.trace = trace
        self.sequence = sequence
        self.link = link
    }
}

/// What a policy wants to remember of a fleet, as the loop encoded it.
///
/// Opaque here.
package struct PolicyState: Hashable, Sendable {
    /// 16 KiB.
    package static let maximumBytes = 16 << 10

    package var fleet: String
    package var policy: String
    /// The evaluation that returned it.
    package var at: Timestamp
    package var state: Data

    package init(fleet: String, policy: String, at: Timestamp, state: Data) {
        self.fleet = fleet
        self.policy = policy
        self.at = at
        self.state = state
    }
}

/// What a pass of the loop leaves behind, stored whole or not at all.
package struct EvaluationBatch: Sendable {
    package var decisions: [StoredDecision]
    package var policyStates: [PolicyState]
    package var memories: [FleetMemory]
    /// New ones, and those that have become something else, found by their key.
    package var actions: [StoredAction]

    package init(
        decisions: [StoredDecision] = [],
        policyStates: [PolicyState] = [],
        memories: [FleetMemory] = [],
        actions: [StoredAction] = []
    ) {
        self.decisions = decisions
        self.policyStates = policyStates
        self.memories = memories
        self.actions = actions
    }
}
