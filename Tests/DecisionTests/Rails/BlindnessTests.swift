import Decision
import Domain
import Testing

/// What a fleet cannot see it does not act on.
struct BlindnessTests {
    private func blindPolicy(_ ending: PolicyOutcome.Ending, onBlind: OnBlind, ahead: Double, demand: Double)
        -> Decision
    {
        var situation = Situation(demand: .value(demand), ahead: Array(repeating: ahead, count: 8))
        situation.rules.onBlind = onBlind
        situation.policies = [PolicyOutcome(policy: "guard", ending: ending)]
        return situation.decision
    }

    @Test func holdMeansBothDirections() {
        #expect(blindPolicy(.blind("p99 is missing"), onBlind: .hold, ahead: 2000, demand: 1000).target == 10)
        #expect(blindPolicy(.blind("p99 is missing"), onBlind: .hold, ahead: 100, demand: 100).target == 10)
    }

    @Test func holdInLetsTheForecastScaleOut() {
        #expect(blindPolicy(.blind("p99 is missing"), onBlind: .holdIn, ahead: 2000, demand: 1000).target == 20)
        let held = blindPolicy(.blind("p99 is missing"), onBlind: .holdIn, ahead: 100, demand: 100)
        #expect(held.target == 10)
        #expect(held.reason.contains("guard is blind (p99 is missing): nothing is removed"))
    }

    @Test func afterAScriptsFaultOthersMayAskForMoreAndNobodyForLess() {
        #expect(blindPolicy(.failed("line 3: nil"), onBlind: .hold, ahead: 2000, demand: 1000).target == 20)
        #expect(blindPolicy(.failed("line 3: nil"), onBlind: .hold, ahead: 100, demand: 100).target == 10)
    }

    @Test func unseenDemandBlindsOnlyFleetsThatGoByIt() {
        var situation = Situation(demand: .blind(status: "source_down", last: 900))
        situation.propose(.scaleTo(4))
        #expect(situation.decision.target == 10)
        situation.rules.prediction = .off
        #expect(situation.decision.target == 4)
    }

    /// Nothing is there to report: a fleet that would hold then could never start.
    @Test func whoIsIdleIsNotBlind() {
        let situation = Situation(
            ready: 1,
            demand: .blind(status: "idle", last: nil),
            ahead: Array(repeating: 500, count: 8)
        )
        #expect(situation.decision.target == 5)
        #expect(situation.decision.step("blindness") == nil)
    }

    @Test func aBlindFleetStillReachesItsMinimum() {
        var situation = Situation(ready: 1, demand: .blind(status: "missing", last: nil))
        situation.rules.limits.min = 3
        #expect(situation.decision.target == 3)
    }
}
