import Decision
import Domain
import Testing

/// A fleet has neither fewer nor more than its script says.
struct MinMaxTests {
    @Test func neverBelowTheMinimum() {
        var situation = Situation(demand: .value(0), ahead: Array(repeating: 0, count: 8))
        situation.rules.limits = Limits(min: 3, max: 20)
        #expect(situation.decision.target == 3)
        #expect(situation.decision.step("min_max")?.reason == "min is 3")
    }

    @Test func neverAboveTheMaximum() {
        var situation = Situation(ahead: Array(repeating: 9000, count: 8))
        situation.rules.limits = Limits(min: 3, max: 20)
        #expect(situation.decision.target == 20)
        #expect(situation.decision.reason.hasSuffix("max allowed 20 of 90"))
    }

    @Test func aMaximumBelowTheMinimumGivesWayToIt() {
        var situation = Situation()
        situation.rules.limits = Limits(min: 12, max: 4)
        #expect(situation.decision.target == 12)
        situation.rules.limits = Limits(min: -4, max: -7)
        #expect(situation.decision.target == 0)
    }

    @Test func minZeroLetsAFleetRest() {
        var situation = Situation(demand: .value(0), ahead: Array(repeating: 0, count: 8))
        situation.rules.limits.min = 0
        #expect(situation.decision.target == 0)
    }

    @Test func aLoweredMaximumBringsTheFleetDownWhateverWasNeeded() {
        var situation = Situation()
        situation.rules.limits = Limits(
            min: 1,
            max: 6,
            settle: .minutes(5),
            reversals: CountLimit(count: 0, window: .hours(1))
        )
        situation.remember((20, 8), (10, 10), (1, 10))
        #expect(situation.decision.target == 6)
    }
}
