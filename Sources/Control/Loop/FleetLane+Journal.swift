import Decision
import Domain
import Drivers
import StateStore

// The journal of a fleet: what was decided becomes actions, what was cut off is finished, and what was done is seen to be so.
extension FleetLane {
    /// Writes what a decision wants into the journal; it is stored with the decision, and carried out after that.
    ///
    /// A decision that awaits a person's word asks for it once: while it wants the same kind of change, what awaits stands.
    func plan(_ decision: Decision, _ work: inout LaneWork) {
        guard !decision.plan.isEmpty, decision.outcome != .advise else {
            return withdraw(all: true, [], decision.at, &work)
        }
        cancel(decision, &work)
        let awaits = decision.outcome == .await
        let expires = awaits ? decision.at + parts.settings.approval : nil
        let base = "\(name)/\(decision.at.milliseconds)"
        func action(_ body: ActionBody, _ part: String) -> Action {
            Action(body, key: "\(base)/\(part)", fleet: name, decided: decision.at, expires: expires)
        }
        var actions: [Action] = []
        for (place, part) in decision.plan.start.enumerated() {
            let body = ActionBody.start(persona: part.persona, count: part.count, fallbacks: decision.plan.fallbacks)
            actions.append(action(body, "start/\(place)"))
        }
        let leaving = work.journal.leaving
        let there = work.resources.lazy.map(\.resource).filter { !leaving.contains($0.id) }
        let chosen = RetireSelection.choose(
            decision.plan.retire,
            from: Array(there),
            assigned: assignedByPeople(work.resources, at: decision.at)
        )
        if !chosen.isEmpty { actions.append(action(.retire(ids: chosen), "retire")) }
        let here = Set(work.resources.map(\.resource.id))
        for (place, assignment) in decision.plan.assign.enumerated() {
            guard here.contains(assignment.resource) else {
                work.notes.append(
                    "a policy assigns \(assignment.persona) to \(assignment.resource), which this fleet does not have"
                )
                continue
            }
            let body = ActionBody.assign(
                resource: assignment.resource,
                persona: assignment.persona,
                until: assignment.until,
                reason: assignment.reason
            )
            actions.append(action(body, "assign/\(place)"))
        }
        withdraw(all: !awaits, Set(actions.map(\.stored.kind)), decision.at, &work)
        if awaits {
            let asked = Set(work.journal.open.filter { $0.state == .awaiting }.map(\.stored.kind))
            actions.removeAll { asked.contains($0.stored.kind) }
        }
        work.journal.add(actions)
    }

    /// Takes back what awaits a word and is not wanted any more.
    private func withdraw(all: Bool, _ wanted: Set<StoredAction.Kind>, _ now: Timestamp, _ work: inout LaneWork) {
        for action in work.journal.open where action.state == .awaiting {
            guard all || !wanted.contains(action.stored.kind) else { continue }
            work.journal.take(.withdrawn("the fleet no longer needs it"), for: action.key, at: now)
        }
    }

    /// A start of which nobody knows whether it happened is not tried again once a decision would take back what it asked for.
    private func cancel(_ decision: Decision, _ work: inout LaneWork) {
        for group in decision.plan.retire where group.state == .starting {
            for action in work.journal.open where action.decided == group.since && action.isDue {
                guard case .start(group.persona, _, _) = action.body else { continue }
                work.journal.take(.objection("it is not wanted any more"), for: action.key, at: decision.at)
            }
        }
    }

    /// What became of actions, by what the driver reports.
    func lookAtJournal(_ described: [DescribedResource], _ work: inout LaneWork, at now: Timestamp) {
        let before = work.journal.open
        work.journal.look(at: described, now: now)
        for action in before where action.state != .failed && action.state != .awaiting {
            guard let ended = work.journal.open.first(where: { $0.key == action.key }), ended.state == .failed else {
                continue
            }
            parts.report(.actionFailed(fleet: name, what: ended.stored.summary, why: ended.stored.note))
        }
    }

    /// Goes on with what was cut off, by a kill or by a driver that failed, and with what a person approved.
    func resume(_ work: inout LaneWork) async -> Done { await carryOut(decidedAt: nil, &work) }

    /// Stores what has become of actions; false where that failed, and then none may be tried.
    func write(_ work: inout LaneWork) async -> Bool {
        let changes = work.journal.changes
        guard !changes.isEmpty else { return true }
        if let error = await services.recorder.record(DecisionRecorder.Entry(actions: changes)) {
            let why = "the journal cannot be written, so nothing is carried out: \(error)"
            work.say(why)
            parts.report(.notRecorded(fleets: [name], why: error.description))
            return false
        }
        work.journal.noteStored(changes)
        return true
    }

    func journalNotes(_ work: LaneWork) -> [String] {
        var notes: [String] = []
        let awaiting = work.journal.open.filter { $0.state == .awaiting }
        if let first = awaiting.first {
            let more = awaiting.count > 1 ? " and \(awaiting.count - 1) more" : ""
            notes.append("awaits approval: \(first.stored.summary)\(more)")
        }
        for action in work.journal.open where action.isDue && action.progress.attempts > 0 {
            notes.append("not known whether it was done, tried again: \(action.stored.summary)")
        }
        return notes
    }
}
