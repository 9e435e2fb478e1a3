package import Decision
package import Domain
package import StateStore

/// What a running Troupe can be asked and told: the one surface that API, command line and dashboard stand on.
///
/// Every call may be made from any task. What changes something takes `by`, who did it, for the audit, and throws a
/// `ControlError` that says what, where and what to do; it changes all that it names or nothing.
package protocol ControlPlane: Sendable {
    // MARK: Fleets

    /// Sorted by name.
    func fleets() async -> [FleetStatus]
    func fleet(named name: String) async throws(ControlError) -> FleetStatus
    /// Decisions with `from ≤ at < to`: the latest `limit` of them, oldest first.
    func decisions(of fleet: String, from: Timestamp?, to: Timestamp?, limit: Int) async throws(ControlError)
        -> [StoredDecision]
    /// The whole record of the last decision at or before `time` whose trace was kept, to be explained and replayed.
    func decisionRecord(of fleet: String, at time: Timestamp?) async throws(ControlError) -> DecisionRecord

    // MARK: Actions

    /// Those of the journal that are meant, the latest first.
    func actions(_ selection: ActionSelection) async throws(ControlError) -> [StoredAction]
    /// A person's word on an action that awaits one: it is carried out soon, or never.
    func decide(action id: Int64, approve: Bool, reason: String, by: String) async throws(ControlError) -> StoredAction

    // MARK: The log of decisions

    /// Walks the whole log: every link, every seal.
    func verifyLog() async throws(ControlError) -> LogReport
    /// Linked decisions of a fleet with larger numbers than `number`, in their order.
    func log(of fleet: String, after number: Int64, limit: Int) async throws(ControlError) -> [StoredDecision]

    // MARK: A person steps in

    /// What people have said of fleets that holds now, in the order of saying; nil: all of it.
    func overrides(of fleet: String?) async throws(ControlError) -> [StoredOverride]
    /// Pauses a fleet or all, or gives a fleet other bounds, in place of what was said of the kind before.
    func override(_ request: OverrideRequest, by: String) async throws(ControlError) -> StoredOverride
    /// Ends what was said of a fleet (nil: of all fleets at once): its pause, its other bounds, and that it is held for being contended.
    func resume(fleet: String?, by: String) async throws(ControlError) -> [StoredOverride]

    // MARK: Resources and personas

    /// Those of a fleet, or all; sorted by fleet, then id. `labels`: only those that have all of them.
    func resources(fleet: String?, labels: [Setting]) async throws(ControlError) -> [ResourceStatus]
    func resource(_ id: String) async throws(ControlError) -> ResourceStatus
    /// Those of the workspace in force, sorted by name.
    func personas() async -> [Persona]
    /// What stands behind a persona change: who it would hit and which files would differ. With `dryRun` nothing is changed.
    func assign(_ request: AssignmentRequest, by: String, dryRun: Bool) async throws(ControlError) -> [AssignmentEffect]
    /// Ends the assignment that holds now, made by a person; what lies below it holds again.
    func release(resource: String, by: String, dryRun: Bool) async throws(ControlError) -> AssignmentEffect
    /// Everything that was ever assigned to a resource, also to one that is gone.
    ///
    /// - Throws: `.notFound` where nothing is known of it.
    func assignmentHistory(of resource: String) async throws(ControlError) -> AssignmentHistory

    // MARK: Health of scripts and drivers

    /// Every script that was run, or that the workspace in force runs; sorted by file, drivers once for each of their fleets.
    func scripts() async -> [ScriptStatus]
    /// Ends the quarantine of a script, by its file or name; of a driver also that it is left alone, for all of its fleets.
    ///
    /// - Throws: `.notFound` for a script that nobody knows, `.conflict` for one that is not held.
    func lift(script: String, by: String, reason: String) async throws(ControlError) -> [LiftedHold]
    /// Lets the driver of one fleet be called again at once, be it in quarantine or waiting for its next try.
    ///
    /// - Throws: `.conflict` where nothing keeps it from that.
    func liftDriver(of fleet: String, by: String, reason: String) async throws(ControlError) -> LiftedHold

    // MARK: The workspace

    /// The version in force, and how it came there.
    func workspaceVersion() async -> WorkspaceVersion
    func workspaceHistory(limit: Int) async throws(ControlError) -> [WorkspaceVersion]
    /// Loads files (path below the workspace's folder → text), whole or not at all.
    ///
    /// - Throws: `.invalidWorkspace` with every diagnostic.
    func load(files: [WorkspaceFile], by: String, reason: String) async throws(ControlError) -> WorkspaceVersion
    /// Puts an earlier version in force again; nil = the one before the current.
    func rollback(to version: Int64?, by: String, reason: String) async throws(ControlError) -> WorkspaceVersion

    // MARK: Agents

    /// What an agent at a resource should collect. `nil` where the resource is not known (yet).
    func collectionPlan(for resource: String) async -> CollectionRequest?

    // MARK: Data coming in

    /// How readings that come in belong to fleets, by the workspace in force. Cheap: it is asked for each batch.
    func kpiSources() async -> KPISources
    /// New readings of these fleets have been stored: each is evaluated soon.
    func noteArrival(fleets: Set<String>, at time: Timestamp)
    /// Own health and per-fleet gauges, for `/metrics`.
    func gauges() async -> [FleetGauges]
    /// Ready to serve: workspace loaded, stores open, loop running. Otherwise why not.
    func readiness() async -> String?
}
