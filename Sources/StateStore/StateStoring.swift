package import Domain

/// Keeps what must survive, other than time series: decisions with their traces, what policies remember, assignments.
///
/// Calls block: make them off the cooperative pool. A call that writes is one transaction: when it returns, all of it is durable;
/// when it throws, none of it is stored.
package protocol StateStoring: ActionStoring, OverrideStoring, DecisionLogStoring {
    // MARK: Decisions

    /// Stores the decisions of a pass, what the policies want to remember and what was learned; a state or memory replaces the one
    /// before it.
    ///
    /// - Throws: `conflict` for a second decision of a fleet at one instant, `invalid` for a state beyond `PolicyState.maximumBytes`.
    func record(_ batch: EvaluationBatch) throws(StateStoreError)

    /// The last decision of a fleet at or before `time`.
    func decision(of fleet: String, at time: Timestamp) throws(StateStoreError) -> StoredDecision?

    /// The last decision of a fleet at or before `time` whose trace was kept whole.
    func tracedDecision(of fleet: String, at time: Timestamp) throws(StateStoreError) -> StoredDecision?

    /// Decisions of a fleet with `from ≤ at < to`, oldest first, at most `limit`: where there are more, the latest of them if
    /// `latest`, else the earliest.
    func decisions(of fleet: String, from: Timestamp, to: Timestamp, limit: Int, latest: Bool)
        throws(StateStoreError) -> [StoredDecision]

    /// The last decision of every fleet that has one, sorted by fleet.
    func latestDecisions() throws(StateStoreError) -> [StoredDecision]

    /// Forgets decisions with `at < horizon` that are not linked (`pruneLog` is for those that are), but never the last one of a fleet; answers how many.
    @discardableResult
    func pruneDecisions(before horizon: Timestamp) throws(StateStoreError) -> Int

    // MARK: What policies remember

    func policyState(of fleet: String, policy: String) throws(StateStoreError) -> PolicyState?

    /// Every state of a fleet, sorted by policy.
    func policyStates(of fleet: String) throws(StateStoreError) -> [PolicyState]

    /// Forgets what the policies of a fleet remember, or one policy; answers how many states went.
    @discardableResult
    func removePolicyStates(of fleet: String, policy: String?) throws(StateStoreError) -> Int

    // MARK: What is learned of fleets

    /// Everything that is remembered, sorted by fleet, then kind.
    func memories() throws(StateStoreError) -> [FleetMemory]

    // MARK: Assignments

    /// Stores assignments, in this order.
    ///
    /// - Throws: `invalid` for an end that is not after the start, or an empty resource or persona.
    @discardableResult
    func assign(_ assignments: [Assignment]) throws(StateStoreError) -> [StoredAssignment]

    /// Ends an assignment at `time`; one that was to end before keeps its end, one that was to begin later never holds.
    ///
    /// - Throws: `notFound`.
    @discardableResult
    func endAssignment(_ id: Int64, at time: Timestamp, by: String) throws(StateStoreError) -> StoredAssignment

    /// The assignment of a resource that holds at `time`: of those that cover it the one of the highest priority, then the one that
    /// began last, then the one stored last.
    func assignment(of resource: String, at time: Timestamp) throws(StateStoreError) -> StoredAssignment?

    /// The assignment of every resource that has one at `time`, sorted by resource.
    func assignments(at time: Timestamp) throws(StateStoreError) -> [StoredAssignment]

    /// Every assignment that has no end or one after `time`, in the order of storing: those that hold, those below them, those to come.
    func assignments(endingAfter time: Timestamp) throws(StateStoreError) -> [StoredAssignment]

    /// Everything that was ever assigned to a resource, in the order of storing.
    func assignmentHistory(of resource: String) throws(StateStoreError) -> [StoredAssignment]

    /// The earliest instant after `time` at which some assignment begins or ends; nil where nothing will change by itself.
    func nextAssignmentChange(after time: Timestamp) throws(StateStoreError) -> Timestamp?
}
