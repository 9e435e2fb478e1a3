import Domain
package import StateStore
import Synchronization

extension LiveControl {
    package func actions(_ selection: ActionSelection) async throws(ControlError) -> [StoredAction] {
        if let fleet = selection.fleet { _ = try lane(fleet) }
        return try await asking { store throws(StateStoreError) in try store.actions(selection) }
    }

    package func decide(
        action id: Int64,
        approve: Bool,
        reason: String,
        by: String
    ) async throws(ControlError) -> StoredAction {
        let now = parts.clock.now
        let known = try await asking { store throws(StateStoreError) in try store.action(id) }
        guard let known else {
            throw ControlError(.notFound, "There is no action \(id). List those that await approval for their numbers.")
        }
        let lane = try lane(known.fleet)
        let note = (approve ? "approved" : "rejected") + " by \(by)" + (reason.isEmpty ? "" : ": \(reason)")
        let stored: StoredAction
        do throws(StateStoreError) {
            stored = try await services.threads.run { [store = parts.store] () throws(StateStoreError) in
                try store.decideAction(id, approve: approve, at: now, by: by, note: note)
            }
        } catch {
            guard error.code == .conflict else { throw ControlError(error) }
            let isLate = known.state == .awaiting
            throw ControlError(
                .conflict,
                isLate
                    ? "Action \(id) (\(known.summary)) awaited a word until \(known.expires.map(\.description) ?? "then"); it is too late."
                    : "Action \(id) (\(known.summary)) is \(known.state.rawValue) and awaits no word"
                        + (known.note.isEmpty ? "." : ": \(known.note)")
            )
        }
        lane.leave(approved: stored)
        mark(lane, at: now)
        return stored
    }
}
