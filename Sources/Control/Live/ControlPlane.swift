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
    /// Everything that was ever assigned to a resource, oldest first.
    func assignmentHistory(of resource: String) async throws(ControlError) -> [StoredAssignment]

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

/// What is known of a fleet at this moment.
package struct FleetStatus: Sendable, Codable, Equatable {
    package var name: String
    package var driver: String
    package var mode: Mode
    package var personas: [String]
    package var policies: [String]
    package var ready: Int
    package var starting: Int
    package var draining: Int
    package var target: Int?
    /// Demand of this moment; nil where it is not known, and then `demandStatus` says why.
    package var demand: Double?
    package var demandStatus: String
    package var demandUnit: String
    package var forecast: ForecastStatus?
    package var lastDecision: DecisionSummary?
    /// What a person on call should know, in sentences: blind policies, failing scripts, a driver that hangs, …
    package var notes: [String]

    package struct ForecastStatus: Sendable, Codable, Equatable {
        package var model: String
        package var trust: Double
        package var quantile: Double
        /// Demand one lead time ahead: at `quantile`, and the median.
        package var ahead: Double
        package var median: Double
        package var leadTime: TimeSpan

        package init(model: String, trust: Double, quantile: Double, ahead: Double, median: Double, leadTime: TimeSpan)
        {
            self.model = model
            self.trust = trust
            self.quantile = quantile
            self.ahead = ahead
            self.median = median
            self.leadTime = leadTime
        }
    }

    package struct DecisionSummary: Sendable, Codable, Equatable {
        package var at: Timestamp
        package var outcome: String
        package var current: Int
        package var target: Int
        package var reason: String

        package init(at: Timestamp, outcome: String, current: Int, target: Int, reason: String) {
            self.at = at
            self.outcome = outcome
            self.current = current
            self.target = target
            self.reason = reason
        }
    }

    package init(
        name: String,
        driver: String,
        mode: Mode,
        personas: [String],
        policies: [String],
        ready: Int,
        starting: Int,
        draining: Int,
        target: Int?,
        demand: Double?,
        demandStatus: String,
        demandUnit: String,
        forecast: ForecastStatus?,
        lastDecision: DecisionSummary?,
        notes: [String]
    ) {
        self.name = name
        self.driver = driver
        self.mode = mode
        self.personas = personas
        self.policies = policies
        self.ready = ready
        self.starting = starting
        self.draining = draining
        self.target = target
        self.demand = demand
        self.demandStatus = demandStatus
        self.demandUnit = demandUnit
        self.forecast = forecast
        self.lastDecision = lastDecision
        self.notes = notes
    }
}

/// A resource with the assignment that holds.
package struct ResourceStatus: Sendable, Codable, Equatable {
    package var fleet: String
    package var resource: Resource
    /// nil: the fleet's default persona, or the one it was started with.
    package var assignment: AssignmentSummary?
    /// Digest of the files it was configured with; nil where it has none.
    package var configuration: String?

    package init(fleet: String, resource: Resource, assignment: AssignmentSummary?, configuration: String?) {
        self.fleet = fleet
        self.resource = resource
        self.assignment = assignment
        self.configuration = configuration
    }
}

/// An assignment as it is shown.
package struct AssignmentSummary: Sendable, Codable, Equatable {
    package var id: Int64
    package var assignment: Assignment
    package var endedBy: String?

    package init(id: Int64, assignment: Assignment, endedBy: String?) {
        self.id = id
        self.assignment = assignment
        self.endedBy = endedBy
    }
}

/// Who shall play what, for how long, and why.
package struct AssignmentRequest: Sendable, Equatable {
    /// One resource by id, or all that a selector means.
    package enum Subject: Sendable, Equatable {
        case resource(String)
        /// Resources of a fleet (nil: of any) that have all of these labels.
        case selector(fleet: String?, labels: [Setting])
    }

    package var subject: Subject
    package var persona: String
    /// nil: until it is released.
    package var duration: TimeSpan?
    package var priority: Assignment.Priority
    package var reason: String

    package init(
        subject: Subject,
        persona: String,
        duration: TimeSpan? = nil,
        priority: Assignment.Priority = .person,
        reason: String
    ) {
        self.subject = subject
        self.persona = persona
        self.duration = duration
        self.priority = priority
        self.reason = reason
    }
}

/// What an assignment or a release does, or would do, to one resource.
package struct AssignmentEffect: Sendable, Codable, Equatable {
    package var resource: String
    package var fleet: String
    package var personaBefore: String
    package var personaAfter: String
    package var until: Timestamp?
    /// Files that differ, as unified diffs, sorted by path.
    package var diffs: [FileDiff]

    package struct FileDiff: Sendable, Codable, Equatable {
        package var path: String
        package var diff: String

        package init(path: String, diff: String) {
            self.path = path
            self.diff = diff
        }
    }

    package init(
        resource: String,
        fleet: String,
        personaBefore: String,
        personaAfter: String,
        until: Timestamp?,
        diffs: [FileDiff]
    ) {
        self.resource = resource
        self.fleet = fleet
        self.personaBefore = personaBefore
        self.personaAfter = personaAfter
        self.until = until
        self.diffs = diffs
    }
}

/// One file of a workspace as it is sent: `policies/scaling/latency-guard.lua`.
package struct WorkspaceFile: Sendable, Codable, Equatable {
    package var path: String
    package var text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

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

/// What an agent should collect, as its resource's persona and fleet ask for it. The server writes it as the agent's `CollectionPlan`.
package struct CollectionRequest: Sendable, Codable, Equatable {
    package var resource: String
    package var fleet: String
    package var persona: String
    package var interval: TimeSpan
    /// The KPIs of the persona and the demand of the fleet, sorted, with the fleet's mapping of each, if it has one.
    package var kpis: [Wanted]

    package struct Wanted: Sendable, Codable, Equatable {
        package var name: String
        package var mapping: KPIMapping?

        package init(name: String, mapping: KPIMapping?) {
            self.name = name
            self.mapping = mapping
        }
    }

    package init(resource: String, fleet: String, persona: String, interval: TimeSpan, kpis: [Wanted]) {
        self.resource = resource
        self.fleet = fleet
        self.persona = persona
        self.interval = interval
        self.kpis = kpis
    }
}

/// The fleets of a workspace, with what each takes its KPIs from.
package struct KPISources: Sendable, Equatable {
    /// Another one after each change of the workspace in force.
    package var version: Int64
    package var fleets: [Source]

    package struct Source: Sendable, Equatable {
        package var fleet: String
        package var mappings: [KPIMapping]

        package init(fleet: String, mappings: [KPIMapping]) {
            self.fleet = fleet
            self.mappings = mappings
        }
    }

    package init(version: Int64, fleets: [Source]) {
        self.version = version
        self.fleets = fleets
    }
}

/// A fleet as `/metrics` shows it.
package struct FleetGauges: Sendable, Equatable {
    package var fleet: String
    package var mode: Mode
    package var demand: Double?
    /// Demand one lead time ahead, levels ascending.
    package var forecast: [Level]
    package var need: Int?
    package var target: Int?
    package var ready: Int
    package var starting: Int
    package var capacity: Double
    package var trust: Double?

    package init(
        fleet: String,
        mode: Mode,
        demand: Double?,
        forecast: [Level],
        need: Int?,
        target: Int?,
        ready: Int,
        starting: Int,
        capacity: Double,
        trust: Double?
    ) {
        self.fleet = fleet
        self.mode = mode
        self.demand = demand
        self.forecast = forecast
        self.need = need
        self.target = target
        self.ready = ready
        self.starting = starting
        self.capacity = capacity
        self.trust = trust
    }

    package struct Level: Sendable, Equatable {
        package var quantile: Double
        package var demand: Double

        package init(quantile: Double, demand: Double) {
            self.quantile = quantile
            self.demand = demand
        }
    }
}

/// Why something that was asked of the control plane was not done.
package struct ControlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable {
        case notFound = "not_found"
        case invalid
        case conflict
        case invalidWorkspace = "invalid_workspace"
        case unavailable
    }

    package var kind: Kind
    /// What happened, where, and what to do; a full sentence or two.
    package var message: String
    /// Of a workspace that does not load.
    package var diagnostics: [Diagnostic]

    package var description: String { message }

    package init(_ kind: Kind, _ message: String, diagnostics: [Diagnostic] = []) {
        self.kind = kind
        self.message = message
        self.diagnostics = diagnostics
    }
}
