import Control
import Domain
import Synchronization

extension FakeControlPlane {
    /// A policy that runs, one in quarantine, and a driver that is left alone for one of its fleets.
    static let scripts = [
        ScriptStatus(
            script: "plugins/acme/plugin.lua",
            name: "acme",
            kind: .driver,
            fleets: ["batch"],
            state: .leftAlone,
            reason: "the cloud is gone",
            counts: ScriptStatus.Counts(evaluations: 9, failures: 3, failuresByKind: ["unavailable": 3], kills: nil)
        ),
        ScriptStatus(
            script: "plugins/acme/plugin.lua",
            name: "acme",
            kind: .driver,
            fleets: ["storefront"],
            state: .ok,
            reason: nil,
            counts: ScriptStatus.Counts(evaluations: 9, kills: nil)
        ),
        ScriptStatus(
            script: "policies/scaling/hog.lua",
            name: "hog",
            kind: .policy,
            fleets: ["storefront"],
            state: .quarantined,
            reason: "It cost 3 workers.",
            counts: ScriptStatus.Counts(
                evaluations: 5,
                failures: 5,
                failuresByKind: ["killed_at_deadline": 3, "quarantined": 2],
                kills: 3,
                medianMicroseconds: 50,
                p99Microseconds: 70
            )
        ),
        ScriptStatus(
            script: "policies/scaling/quiet.lua",
            name: "quiet",
            kind: .policy,
            fleets: ["batch", "storefront"],
            state: .ok,
            reason: nil,
            counts: ScriptStatus.Counts(evaluations: 5)
        ),
    ]

    func scripts() async -> [ScriptStatus] { state.withLock { $0.scripts } }

    func lift(script: String, by: String, reason: String) async throws(ControlError) -> [LiftedHold] {
        try check()
        return try lift(script) { $0.script == script || $0.name == script }
    }

    func liftDriver(of fleet: String, by: String, reason: String) async throws(ControlError) -> LiftedHold {
        _ = try await self.fleet(named: fleet)
        return try lift(fleet) { $0.kind == .driver && $0.fleets == [fleet] }[0]
    }

    private func lift(_ what: String, _ isMeant: (ScriptStatus) -> Bool) throws(ControlError) -> [LiftedHold] {
        let (isKnown, held) = state.withLock { state in
            let meant = state.scripts.indices.filter { isMeant(state.scripts[$0]) }
            let held = meant.filter { state.scripts[$0].state != .ok }
            let before = held.map { state.scripts[$0] }
            for index in held { (state.scripts[index].state, state.scripts[index].reason) = (.ok, nil) }
            return (!meant.isEmpty, before)
        }
        guard isKnown else { throw ControlError(.notFound, "There is no script \"\(what)\".") }
        guard !held.isEmpty else { throw ControlError(.conflict, "\(what) is not in quarantine.") }
        return held.map {
            LiftedHold(script: $0.script, fleet: $0.kind == .driver ? $0.fleets.first : nil, reason: $0.reason ?? "")
        }
    }
}
