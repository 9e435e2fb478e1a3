import Decision
import Domain
import Testing

/// What a person lets a fleet do of itself.
struct ModeTests {
    private func decision(_ mode: Mode, paused: Bool = false, ahead: Double = 1500) -> Decision {
        var situation = Situation(demand: .value(min(ahead, 1000)), ahead: Array(repeating: ahead, count: 8))
        situation.rules.mode = mode
        if paused { situation.rules.overrides = [OperatorOverride(pause: .all, by: "a person")] }
        return situation.decision
    }

    @Test(arguments: [Mode.observe, .advise]) func whatIsOnlySaidHasNoPlan(_ mode: Mode) {
        let decision = decision(mode)
        #expect(decision.outcome == .advise)
        #expect(decision.target == 15)
        #expect(decision.plan.isEmpty)
        #expect(decision.plan.fallbacks.isEmpty)
        #expect(decision.reason.hasPrefix("would scale out 10 → 15"))
    }

    @Test func approvalWaitsWithThePlan() {
        let decision = decision(.approve)
        #expect(decision.outcome == .await)
        #expect(decision.started() == 5)
        #expect(decision.reason.hasPrefix("awaits approval: scale out 10 → 15"))
    }

    @Test func actActs() {
        #expect(decision(.act).outcome == .scaleOut)
    }

    @Test(arguments: Mode.allCases) func nothingToDoIsAHoldInEveryMode(_ mode: Mode) {
        #expect(decision(mode, ahead: 1000).outcome == .hold)
    }

    @Test(arguments: Mode.allCases) func whoIsPausedStays(_ mode: Mode) {
        for ahead in [1500.0, 100] {
            let decision = decision(mode, paused: true, ahead: ahead)
            #expect(decision.outcome == .hold)
            #expect(decision.target == 10)
            #expect(decision.plan.isEmpty)
            #expect(decision.reason.hasSuffix("paused by a person"))
        }
    }

    @Test func pauseKeepsAFleetBelowItsMinimum() {
        var situation = Situation(ready: 1)
        situation.rules.limits.min = 4
        situation.rules.overrides = [OperatorOverride(pause: .all, by: "a person")]
        #expect(situation.decision.target == 1)
    }

    @Test func aDryRunUsesUpNoLimit() {
        #expect(decision(.advise).past == PastDecision(at: Situation.noon, target: 10, need: 15))
        #expect(decision(.approve).past.target == 10)
        #expect(decision(.approve, ahead: 100).past.removed == 0)
        #expect(decision(.act).past == PastDecision(at: Situation.noon, target: 15, need: 15))
        #expect(decision(.act, ahead: 100).past == PastDecision(at: Situation.noon, target: 1, need: 1, removed: 9))
    }
}
