import Decision
import Domain
import Testing

/// A policy's assignments pass blindness, removal budget, cost, freeze and mode.
struct AssignmentTests {
    private func situation(_ resources: String..., to persona: String = "big", for duration: TimeSpan? = nil)
        -> Situation
    {
        var situation = Situation(ahead: Array(repeating: 1000, count: 8))
        situation.addBig(perHour: 4)
        for resource in resources {
            situation.propose(.assign(resource: resource, persona: persona, duration: duration))
        }
        return situation
    }

    private func refusal(_ situation: Situation) -> String? {
        let decision = situation.decision
        #expect(decision.plan.assign.isEmpty)
        return decision.steps.last { $0.reason.contains("refused: ") }?.reason.components(after: "refused: ")
    }

    @Test func passWithTheirEnd() {
        let decision = situation("vm-1", for: .hours(2)).decision
        #expect(decision.outcome == .change)
        #expect(
            decision.plan.assign == [
                PlannedAssignment(resource: "vm-1", persona: "big", until: fromNow(minutes: 120), reason: "a test")
            ]
        )
        #expect(decision.past.removed == 1)
    }

    @Test func areRefusedWithAReason() {
        #expect(refusal(situation("vm-1", to: "bgi")) == "the fleet has no persona bgi")
        #expect(refusal(situation("vm-1", for: .zero)) == "its duration is not above 0")
        var held = situation("vm-1")
        held.policies.append(PolicyOutcome(policy: "other", ending: .failed("nil")))
        #expect(refusal(held) == "the fleet is blind")
        held = situation("vm-1")
        held.rules.limits.removals = RateLimit(amount: .count(1), window: .hours(1))
        held.past = [PastDecision(at: ago(minutes: 9), target: 10, need: 10, removed: 1)]
        #expect(refusal(held) == "the removal budget is used up")
        held = situation("vm-1")
        held.rules.limits.costPerHour = 12
        #expect(refusal(held) == "the cost ceiling does not allow it")
        held = situation("vm-1")
        held.rules.freeze = [FreezeWindow(from: ago(minutes: 1), to: fromNow(minutes: 1))]
        #expect(refusal(held) == "frozen until 2026-03-02T12:01:00Z")
        held = situation("vm-1")
        held.rules.overrides = [OperatorOverride(pause: .all, by: "a person")]
        #expect(refusal(held) == "paused by a person")
    }

    @Test func ofTwoForOneResourceTheFirstPasses() {
        let decision = situation("vm-1", "vm-2", "vm-1").decision
        #expect(decision.plan.assign.map(\.resource) == ["vm-1", "vm-2"])
    }

    @Test func areOnlySaidWhereTheFleetOnlySays() {
        var situation = situation("vm-1")
        situation.rules.mode = .advise
        #expect(situation.decision.outcome == .advise)
        #expect(situation.decision.plan == Plan())
        #expect(situation.decision.past.removed == 0)
    }
}

extension String {
    /// What stands behind the first `mark`.
    fileprivate func components(after mark: String) -> String? {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(mark) { return String(rest.dropFirst(mark.count)) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
