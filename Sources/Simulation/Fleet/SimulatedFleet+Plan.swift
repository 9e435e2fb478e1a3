import Control
package import Decision
import Domain

/// What carrying out a plan led to.
package struct PlanOutcome: Sendable, Equatable {
    package var started: [String] = []
    package var retired: [String] = []
    /// Assignments whose resource is not there.
    package var unassigned: [String] = []
    /// Resources that no persona could give.
    package var refused = 0
    /// Why something of the plan was not done, in words.
    package var notes: [String] = []
}

extension SimulatedFleet {
    /// Carries out a plan: starts, taking the next persona where one cannot be had; retires, the newest first; assigns.
    ///
    /// The key makes the plan's requests known again: a plan that is applied twice starts and retires nothing twice.
    @discardableResult
    package mutating func apply(_ plan: Plan, key: String) -> PlanOutcome {
        var outcome = PlanOutcome()
        for (place, request) in plan.start.enumerated() {
            var left = request.count
            let others = plan.fallbacks.filter { $0 != request.persona }
            for persona in [request.persona] + others where left > 0 {
                let answer = provision(count: left, persona: persona, key: "\(key)/start/\(place)/\(persona)")
                outcome.started += answer.ids
                left = answer.refused
                if let reason = answer.reason { outcome.notes.append(reason) }
            }
            outcome.refused += max(0, left)
        }
        if !plan.retire.isEmpty {
            outcome.retired = retire(RetireSelection.choose(plan.retire, from: resources()), key: "\(key)/retire")
        }
        for assignment in plan.assign where !configure(assignment.resource, persona: assignment.persona) {
            outcome.unassigned.append(assignment.resource)
            outcome.notes.append("no resource \(assignment.resource)")
        }
        return outcome
    }
}
