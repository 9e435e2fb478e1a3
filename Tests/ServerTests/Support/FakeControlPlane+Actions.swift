import Control
import Domain
import Foundation
import StateStore
import Synchronization

extension FakeControlPlane {
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
}
