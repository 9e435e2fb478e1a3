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
        var drivers: [String: DriverStatus] = [:]
        var scripts = FakeControlPlane.scripts
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

    /// Fails where the test wants it to.
    func check() throws(ControlError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func readiness() async -> String? { state.withLock { $0.unready } }
}
