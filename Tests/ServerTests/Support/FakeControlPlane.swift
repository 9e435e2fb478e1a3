import Control
import Decision
import Domain
import Foundation
import StateStore
import Synchronization

/// A control plane without a loop: two fleets, a few resources, assignments that hold, workspaces that load unless a file says `error`.
final class FakeControlPlane: ControlPlane {
    struct State {
        var resources: [ResourceStatus] = []
        var history: [String: [StoredAssignment]] = [:]
        var versions: [WorkspaceVersion] = []
        var decisions: [StoredDecision] = []
        var records: [DecisionRecord] = []
        var arrivals: [Set<String>] = []
        var sources = KPISources(
            version: 1,
            fleets: [
                KPISources.Source(
                    fleet: "storefront",
                    mappings: [
                        KPIMapping(
                            kpi: "request_rate",
                            metric: "http_requests_total",
                            match: [Setting(name: "job", value: "shop")],
                            rate: true
                        )
                    ]
                ),
                KPISources.Source(fleet: "batch", mappings: []),
            ]
        )
        var actions = (1...3)
            .map { id in
                StoredAction(
                    id: Int64(id),
                    key: "storefront/\(id)/start/0",
                    fleet: "storefront",
                    decided: FakeControlPlane.start,
                    kind: .start,
                    state: id == 1 ? .verified : .awaiting,
                    summary: "start \(id) low-latency",
                    body: Data(),
                    changed: FakeControlPlane.start
                )
            }
        var decidedNow: Int64?
        var overrides: [StoredOverride] = []
        var interval = TimeSpan.seconds(10)
        var unready: String?
        var failure: ControlError?
    }

    let state = Mutex(State())
    static let start = Timestamp(milliseconds: 1_764_000_000_000)

    init() {
        state.withLock { state in
            for index in 1...5 {
                let resource = Resource(
                    id: "web-\(index)",
                    labels: [Setting(name: "tier", value: "web"), Setting(name: "zone", value: index < 3 ? "a" : "b")],
                    persona: "low-latency",
                    state: index == 5 ? .starting : .ready,
                    since: Self.start
                )
                state.resources.append(
                    ResourceStatus(fleet: "storefront", resource: resource, assignment: nil, configuration: nil)
                )
            }
            state.versions = [
                WorkspaceVersion(
                    version: 1,
                    at: Self.start,
                    by: "start",
                    reason: "first",
                    digest: "aa",
                    isInForce: true,
                    fleets: ["batch", "storefront"],
                    policies: ["latency-guard"]
                )
            ]
            for index in 0..<25 {
                let at = Self.start + .seconds(Int64(index) * 15)
                let input = DecisionInput(
                    observation: Observation(
                        fleet: "storefront",
                        now: at,
                        demand: .value(200),
                        resources: [ResourceGroup(persona: "low-latency", state: .ready, since: Self.start, count: 4)],
                        leadTime: .seconds(90),
                        interval: .seconds(15)
                    ),
                    outlook: nil,
                    rules: FleetRules(
                        personas: [
                            PersonaRules(name: "low-latency", capacity: 100, cost: Cost(perHour: 1, shortfall: 20))
                        ],
                        limits: Limits()
                    )
                )
                let record = DecisionRecord(deciding: input)
                state.records.append(record)
                state.decisions.append(
                    StoredDecision(
                        fleet: "storefront",
                        at: at,
                        outcome: record.decision.outcome.rawValue,
                        current: record.decision.current,
                        target: record.decision.target,
                        reason: record.decision.reason,
                        inputDigest: "d\(index)",
                        trace: index % 5 == 0 ? .full(.init()) : .digest
                    )
                )
            }
        }
    }

    private func check() throws(ControlError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func fleets() async -> [FleetStatus] { ["batch", "storefront"].map(status) }

    func fleet(named name: String) async throws(ControlError) -> FleetStatus {
        try check()
        guard name == "batch" || name == "storefront" else {
            throw ControlError(.notFound, "There is no fleet \"\(name)\".")
        }
        return status(name)
    }

    private func status(_ name: String) -> FleetStatus {
        FleetStatus(
            name: name,
            driver: "simulated",
            mode: .advise,
            personas: ["low-latency"],
            policies: ["latency-guard"],
            ready: 4,
            starting: 1,
            draining: 0,
            target: 5,
            demand: name == "batch" ? nil : 200,
            demandStatus: name == "batch" ? "missing" : "ok",
            demandUnit: "requests/s",
            forecast: FleetStatus.ForecastStatus(
                model: "ridge",
                trust: 0.8,
                quantile: 0.95,
                ahead: 260,
                median: 210,
                leadTime: .seconds(105)
            ),
            lastDecision: nil,
            notes: []
        )
    }

    func decisions(
        of fleet: String,
        from: Timestamp?,
        to: Timestamp?,
        limit: Int
    ) async throws(ControlError) -> [StoredDecision] {
        _ = try await self.fleet(named: fleet)
        return state.withLock { state in
            state.decisions
                .filter { decision in
                    decision.fleet == fleet && (from.map { decision.at >= $0 } ?? true)
                        && (to.map { decision.at < $0 } ?? true)
                }
                .suffix(limit)
        }
    }

    func decisionRecord(of fleet: String, at time: Timestamp?) async throws(ControlError) -> DecisionRecord {
        _ = try await self.fleet(named: fleet)
        let found = state.withLock { state in
            state.records.last { record in
                record.decision.fleet == fleet && (time.map { record.decision.at <= $0 } ?? true)
            }
        }
        guard let found else { throw ControlError(.notFound, "Fleet \(fleet) has no decision with a trace by then.") }
        return found
    }

    // MARK: Actions, overrides, log

    func actions(_ selection: ActionSelection) async throws(ControlError) -> [StoredAction] {
        try check()
        if let fleet = selection.fleet { _ = try await self.fleet(named: fleet) }
        return state.withLock { state in
            Array(
                state.actions.reversed()
                    .filter { action in
                        (selection.fleet.map { $0 == action.fleet } ?? true)
                            && (selection.states?.contains(action.state) ?? true)
                            && (selection.before.map { action.id < $0 } ?? true)
                    }
                    .prefix(selection.limit)
            )
        }
    }

    func decide(action id: Int64, approve: Bool, reason: String, by: String) async throws(ControlError) -> StoredAction
    {
        try check()
        let found = state.withLock { state -> StoredAction? in
            guard let index = state.actions.firstIndex(where: { $0.id == id }) else { return nil }
            guard state.actions[index].state == .awaiting else { return state.actions[index] }
            state.actions[index].state = approve ? .planned : .rejected
            state.actions[index].decidedBy = by
            defer { state.decidedNow = id }
            return state.actions[index]
        }
        guard let found else { throw ControlError(.notFound, "There is no action \(id).") }
        guard state.withLock({ $0.decidedNow == id }) else {
            throw ControlError(.conflict, "Action \(id) is \(found.state.rawValue) and awaits no word.")
        }
        state.withLock { $0.decidedNow = nil }
        return found
    }

    func overrides(of fleet: String?) async throws(ControlError) -> [StoredOverride] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        return state.withLock { $0.overrides.filter { fleet == nil || $0.fleet == nil || $0.fleet == fleet } }
    }

    func override(_ request: OverrideRequest, by: String) async throws(ControlError) -> StoredOverride {
        if let fleet = request.fleet { _ = try await self.fleet(named: fleet) }
        var word = OperatorOverride(until: request.duration.map { Self.start + $0 }, by: by, reason: request.reason)
        switch request.change {
        case .pause(let pause): word.pause = pause
        case .scale(let min, let max):
            if min == nil, max == nil { throw ControlError(.invalid, "Say a minimum, a maximum, or both.") }
            (word.min, word.max) = (min, max)
        }
        return state.withLock { [word] state in
            let stored = StoredOverride(
                id: Int64(state.overrides.count + 1),
                fleet: request.fleet,
                from: Self.start,
                word: word
            )
            state.overrides.append(stored)
            return stored
        }
    }

    func resume(fleet: String?, by: String) async throws(ControlError) -> [StoredOverride] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        let ended = state.withLock { state in
            let ended = state.overrides.filter { $0.fleet == fleet }
            state.overrides.removeAll { $0.fleet == fleet }
            return ended
        }
        if ended.isEmpty { throw ControlError(.conflict, "There is nothing to resume.") }
        return ended
    }

    func verifyLog() async throws(ControlError) -> LogReport {
        try check()
        var report = LogReport()
        (report.fleets, report.decisions) = (1, state.withLock { $0.decisions.count })
        return report
    }

    func log(of fleet: String, after number: Int64, limit: Int) async throws(ControlError) -> [StoredDecision] {
        state.withLock { state in
            let linked = state.decisions.filter { $0.fleet == fleet }.enumerated()
                .map { index, decision in
                    var decision = decision
                    decision.sequence = Int64(index + 1)
                    decision.link = Data([UInt8(index % 256), 171])
                    return decision
                }
            return Array(linked.filter { $0.sequence > number }.prefix(limit))
        }
    }

    func resources(fleet: String?, labels: [Setting]) async throws(ControlError) -> [ResourceStatus] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        return state.withLock { state in
            state.resources.filter { status in
                (fleet.map { $0 == status.fleet } ?? true) && labels.allSatisfy(status.resource.labels.contains)
            }
        }
    }

    func resource(_ id: String) async throws(ControlError) -> ResourceStatus {
        try check()
        guard let found = state.withLock({ $0.resources.first { $0.resource.id == id } }) else {
            throw ControlError(.notFound, "There is no resource \"\(id)\".")
        }
        return found
    }

    func personas() async -> [Persona] {
        [
            Persona(
                name: "background-task",
                capacity: [KPIAmount(kpi: "request_rate", amount: 40)],
                cost: Cost(perHour: 0.1, shortfall: 2)
            ),
            Persona(
                name: "low-latency",
                allocation: Allocation(cpu: 2, memoryBytes: 4 << 30, bandwidthBitsPerSecond: 1e9),
                capacity: [KPIAmount(kpi: "request_rate", amount: 120)],
                kpis: [
                    KPIRequirement(kpi: "cpu_utilization"),
                    KPIRequirement(
                        kpi: "request_latency_p99_ms",
                        objective: Objective(comparison: .below, value: 250)
                    ),
                ],
                cost: Cost(perHour: 0.34, shortfall: 12),
                templates: [ConfigTemplate(path: "/etc/app/tuning.conf", contents: "workers={{allocation.cpu}}\n")]
            ),
        ]
    }

    func assign(
        _ request: AssignmentRequest,
        by: String,
        dryRun: Bool
    ) async throws(ControlError) -> [AssignmentEffect] {
        try check()
        guard await personas().contains(where: { $0.name == request.persona }) else {
            throw ControlError(.notFound, "There is no persona \"\(request.persona)\".")
        }
        let hit: [ResourceStatus]
        switch request.subject {
        case .resource(let id): hit = [try await resource(id)]
        case .selector(let fleet, let labels): hit = try await resources(fleet: fleet, labels: labels)
        }
        let until = request.duration.map { Self.start + $0 }
        return state.withLock { state in
            hit.map { status in
                let effect = AssignmentEffect(
                    resource: status.resource.id,
                    fleet: status.fleet,
                    personaBefore: status.resource.persona,
                    personaAfter: request.persona,
                    until: until,
                    diffs: [AssignmentEffect.FileDiff(path: "/etc/app/tuning.conf", diff: "-workers=2\n+workers=1\n")]
                )
                guard !dryRun, let index = state.resources.firstIndex(where: { $0 == status }) else { return effect }
                let id = Int64(state.history.values.reduce(1) { $0 + $1.count })
                let assignment = Assignment(
                    resource: status.resource.id,
                    persona: request.persona,
                    by: by,
                    reason: request.reason,
                    priority: request.priority,
                    from: Self.start,
                    until: until
                )
                state.history[status.resource.id, default: []]
                    .append(
                        StoredAssignment(id: id, assignment: assignment, endedBy: nil)
                    )
                state.resources[index].assignment = AssignmentSummary(id: id, assignment: assignment, endedBy: nil)
                state.resources[index].resource.persona = request.persona
                return effect
            }
        }
    }

    func release(resource id: String, by: String, dryRun: Bool) async throws(ControlError) -> AssignmentEffect {
        let status = try await resource(id)
        guard status.assignment != nil else {
            throw ControlError(.conflict, "No person has assigned a persona to \"\(id)\".")
        }
        if !dryRun {
            state.withLock { state in
                if let index = state.resources.firstIndex(where: { $0.resource.id == id }) {
                    state.resources[index].assignment = nil
                    state.resources[index].resource.persona = "low-latency"
                }
            }
        }
        return AssignmentEffect(
            resource: id,
            fleet: status.fleet,
            personaBefore: status.resource.persona,
            personaAfter: "low-latency",
            until: nil,
            diffs: []
        )
    }

    func assignmentHistory(of resource: String) async throws(ControlError) -> [StoredAssignment] {
        _ = try await self.resource(resource)
        return state.withLock { $0.history[resource] ?? [] }
    }

    func workspaceVersion() async -> WorkspaceVersion {
        state.withLock { state in state.versions.first { $0.isInForce } ?? state.versions[0] }
    }

    func workspaceHistory(limit: Int) async throws(ControlError) -> [WorkspaceVersion] {
        state.withLock { Array($0.versions.suffix(limit)) }
    }

    func load(files: [WorkspaceFile], by: String, reason: String) async throws(ControlError) -> WorkspaceVersion {
        try check()
        let wrong = files.filter { $0.text.contains("error") }
        guard wrong.isEmpty else {
            throw ControlError(
                .invalidWorkspace,
                "The workspace does not load; what was in force still is.",
                diagnostics: wrong.map {
                    Diagnostic(file: $0.path, line: 1, message: "unknown key perosna", suggestion: "persona")
                }
            )
        }
        return enter(by, reason)
    }

    func rollback(to version: Int64?, by: String, reason: String) async throws(ControlError) -> WorkspaceVersion {
        if let version, !state.withLock({ $0.versions.contains { $0.version == version } }) {
            throw ControlError(.notFound, "There is no version \(version).")
        }
        return enter(by, reason)
    }

    private func enter(_ by: String, _ reason: String) -> WorkspaceVersion {
        state.withLock { state in
            for index in state.versions.indices { state.versions[index].isInForce = false }
            let version = WorkspaceVersion(
                version: Int64(state.versions.count + 1),
                at: Self.start,
                by: by,
                reason: reason,
                digest: "bb",
                isInForce: true,
                fleets: ["batch", "storefront"],
                policies: ["latency-guard"]
            )
            state.versions.append(version)
            state.sources.version += 1
            return version
        }
    }

    func collectionPlan(for resource: String) async -> CollectionRequest? {
        state.withLock { state in
            guard let status = state.resources.first(where: { $0.resource.id == resource }) else { return nil }
            return CollectionRequest(
                resource: resource,
                fleet: status.fleet,
                persona: status.resource.persona,
                interval: state.interval,
                kpis: [
                    .init(name: "cpu_utilization", mapping: nil),
                    .init(
                        name: "error_rate",
                        mapping: KPIMapping(
                            kpi: "error_rate",
                            metric: "http_requests_total",
                            match: [Setting(name: "code", value: "500")],
                            rate: true
                        )
                    ),
                    .init(
                        name: "request_latency_p99_ms",
                        mapping: KPIMapping(
                            kpi: "request_latency_p99_ms",
                            metric: "http_request_duration_seconds",
                            match: [Setting(name: "job", value: "shop")],
                            quantile: 0.99
                        )
                    ),
                    .init(
                        name: "request_rate",
                        mapping: KPIMapping(kpi: "request_rate", metric: "http_requests_total", rate: true)
                    ),
                    .init(name: "queue_length", mapping: nil),
                    .init(
                        name: "retry_share",
                        mapping: KPIMapping(kpi: "retry_share", metric: "retries_total", per: "http_requests_total")
                    ),
                ]
            )
        }
    }

    func noteArrival(fleets: Set<String>, at time: Timestamp) {
        state.withLock { $0.arrivals.append(fleets) }
    }

    func kpiSources() async -> KPISources { state.withLock { $0.sources } }

    func gauges() async -> [FleetGauges] {
        [
            FleetGauges(
                fleet: "batch",
                mode: .observe,
                demand: nil,
                forecast: [],
                need: nil,
                target: nil,
                ready: 0,
                starting: 0,
                capacity: 0,
                trust: nil
            ),
            FleetGauges(
                fleet: "storefront",
                mode: .advise,
                demand: 200,
                forecast: [.init(quantile: 0.5, demand: 210), .init(quantile: 0.95, demand: 260)],
                need: 5,
                target: 5,
                ready: 4,
                starting: 1,
                capacity: 480,
                trust: 0.8
            ),
        ]
    }

    func readiness() async -> String? { state.withLock { $0.unready } }
}
