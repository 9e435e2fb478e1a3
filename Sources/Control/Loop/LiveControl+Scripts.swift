import Domain
import Drivers
import ScriptProtocol
import Scripting
import Synchronization
import Workers

extension LiveControl {
    package func scripts() async -> [ScriptStatus] { scriptStatuses }

    package func lift(script: String, by: String, reason: String) async throws(ControlError) -> [LiftedHold] {
        let meant = try meant(by: script)
        var lifted: [LiftedHold] = []
        for one in meant where one.kind == .driver {
            for fleet in one.fleets where one.state != .ok {
                guard try lane(fleet).assembly.driver.lift() else { continue }
                lifted.append(LiftedHold(script: one.script, fleet: fleet, reason: one.reason ?? ""))
            }
        }
        // Versions before the one in force may be in quarantine too, and would be still when they come back.
        let held = parts.workers.quarantined
        for path in Set(meant.map(\.script)).sorted() {
            guard let why = held.filter({ $0.script == path }).max(by: { !$0.isLatest && $1.isLatest }),
                parts.workers.lift(script: path)
            else { continue }
            lifted.append(LiftedHold(script: path, reason: why.reason))
        }
        guard !lifted.isEmpty else {
            throw ControlError(
                .conflict,
                "\(script) is not in quarantine: it is run as it should be. Nothing was changed."
            )
        }
        report(lifted, by: by, reason: reason)
        let fleets = Set(meant.flatMap(\.fleets))
        for lane in lanes where fleets.contains(lane.name) { urge(lane, at: parts.clock.now) }
        return lifted
    }

    func report(_ lifted: [LiftedHold], by: String, reason: String) {
        for one in lifted { parts.report(.lifted(what: one.inWords, by: by, reason: reason)) }
    }

    private func meant(by script: String) throws(ControlError) -> [ScriptStatus] {
        let all = scriptStatuses
        let exact = all.filter { $0.script == script }
        guard exact.isEmpty else { return exact }
        // A name means a policy before it means anything else.
        for kind in ScriptStatus.Kind.allCases {
            let named = all.filter { $0.kind == kind && $0.name == script }
            guard named.isEmpty else { return named }
        }
        throw .unknown("script", script, known: Set(all.map(\.name)).sorted())
    }

    // MARK: What is known

    /// Sorted by path, then fleet.
    private var scriptStatuses: [ScriptStatus] {
        let workspace = state.withLock { $0.workspace?.workspace }
        let health = parts.workers.health
        let held = Dictionary(health.quarantined.filter(\.isLatest).map { ($0.script, $0.reason) }) { first, _ in first
        }
        var users: [String: [String]] = [:]
        for fleet in workspace?.fleets ?? [] {
            for policy in fleet.policies { users[policy, default: []].append(fleet.name) }
        }
        let policies = Dictionary((workspace?.policies ?? []).map { ($0.script.name, $0.name) }) { first, _ in first }
        let drivers = workspace.map(drivers) ?? []
        var paths = Set(health.scripts.keys).union(health.quarantined.map(\.script)).union(policies.keys)
        // That a driver was loaded says nothing beside what its calls say.
        paths.subtract(drivers.map(\.script).filter { held[$0] == nil })
        let scripts = paths.map { path in
            ScriptStatus(
                script: path,
                name: policies[path] ?? ScriptStatus.name(of: path),
                kind: ScriptStatus.kind(of: path) ?? .library,
                fleets: policies[path].flatMap { users[$0] } ?? [],
                state: held[path] == nil ? .ok : .quarantined,
                reason: held[path],
                counts: health.scripts[path].map(ScriptStatus.Counts.init) ?? ScriptStatus.Counts()
            )
        }
        return (scripts + drivers).sorted { ($0.script, $0.fleets.first ?? "") < ($1.script, $1.fleets.first ?? "") }
    }

    /// Drivers that are plugins, one entry for each fleet.
    private func drivers(of workspace: Workspace) -> [ScriptStatus] {
        let now = parts.clock.now
        return workspace.fleets.compactMap { fleet in
            guard let plugin = workspace.plugin(fleet.driver), let health = driverHealth(of: fleet.name) else {
                return nil
            }
            let isLeftAlone = health.openUntil.map { $0 > now } ?? false
            return ScriptStatus(
                script: plugin.script.name,
                name: plugin.name,
                kind: .driver,
                fleets: [fleet.name],
                state: health.quarantined != nil ? .quarantined : isLeftAlone ? .leftAlone : .ok,
                reason: health.quarantined ?? (isLeftAlone ? health.lastError : nil),
                counts: ScriptStatus.Counts(health)
            )
        }
    }
}

extension ScriptStatus.Counts {
    init(_ script: WorkerPoolHealth.Script) {
        self.init(
            evaluations: script.evaluations,
            failures: script.failures,
            failuresByKind: Dictionary(script.failuresByKind.map { ($0.key.word, $0.value) }, uniquingKeysWith: +),
            kills: script.kills,
            medianMicroseconds: script.medianMicroseconds,
            p99Microseconds: script.p99Microseconds
        )
    }

    init(_ driver: DriverHealth) {
        self.init(
            evaluations: driver.calls,
            failures: driver.failures,
            failuresByKind: Dictionary(driver.failuresByKind.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +),
            kills: nil,
            medianMicroseconds: driver.medianMicroseconds,
            p99Microseconds: driver.p99Microseconds
        )
    }
}

extension ScriptFailure.Kind {
    /// As the API says it.
    fileprivate var word: String {
        switch self {
        case .syntax: "syntax"
        case .raised: "raised"
        case .blind: "blind"
        case .instructionLimit: "instruction_limit"
        case .wallLimit: "time_limit"
        case .memoryLimit: "memory_limit"
        case .logLimit: "log_limit"
        case .resultLimit: "result_limit"
        case .sourceLimit: "source_limit"
        case .badResult: "bad_result"
        case .deadline: "killed_at_deadline"
        case .workerDied: "worker_died"
        case .protocolViolation: "protocol_violation"
        case .quarantined: "quarantined"
        case .unavailable: "not_run"
        }
    }
}
