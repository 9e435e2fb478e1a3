import Decision
import Domain
import Testing

/// The largest of prediction, targets and floors; then the smallest ceiling; then holds.
struct MergeTests {
    @Test func theLargestWins() {
        var situation = Situation(ahead: Array(repeating: 1200, count: 8))
        situation.propose(.scaleTo(14))
        situation.propose(.atLeast(16), by: "floor")
        #expect(situation.decision.target == 16)
        #expect(situation.decision.need == 16)
        #expect(situation.decision.reason == "scale out 10 → 16: floor asks at_least 16: a test")
        situation.ahead = Array(repeating: 2000, count: 8)
        #expect(situation.decision.target == 20)
    }

    @Test func theSmallestCeilingHoldsAgainstAll() {
        var situation = Situation(ahead: Array(repeating: 3000, count: 8))
        situation.propose(.scaleTo(25), .atMost(18))
        situation.propose(.atMost(12), by: "budget")
        #expect(situation.decision.target == 12)
        #expect(situation.decision.reason.contains("budget asks at_most 12"))
    }

    @Test(arguments: [
        (Proposal.HoldDirection.both, 10, 10), (.in, 20, 10), (.out, 10, 4),
    ])
    func holdFreezesItsDirection(_ hold: (direction: Proposal.HoldDirection, whenMore: Int, whenFewer: Int)) {
        var more = Situation(ahead: Array(repeating: 2000, count: 8))
        more.propose(.hold(hold.direction))
        #expect(more.decision.target == hold.whenMore)
        var fewer = Situation(demand: .value(400), ahead: Array(repeating: 400, count: 8))
        fewer.propose(.hold(hold.direction))
        #expect(fewer.decision.target == hold.whenFewer)
    }

    @Test func withoutPredictionPoliciesAlonePropose() {
        var situation = Situation(ahead: Array(repeating: 5000, count: 8))
        situation.rules.prediction = .off
        #expect(situation.decision.outcome == .hold)
        situation.propose(.scaleTo(4))
        #expect(situation.decision.target == 4)
        situation.propose(.atLeast(6), by: "floor")
        #expect(situation.decision.target == 6)
    }

    @Test func aFloorAloneNeverScalesIn() {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.propose(.atLeast(3))
        #expect(situation.decision.outcome == .hold)
    }

    @Test func aPredictionThatIsAFloorOnlyRaises() {
        var situation = Situation(demand: .value(200), ahead: Array(repeating: 200, count: 8))
        situation.rules.prediction = .floor
        #expect(situation.decision.target == 10)
        situation.propose(.scaleTo(5))
        #expect(situation.decision.target == 5)
        situation.demand = .value(700)
        #expect(situation.decision.target == 7)
    }

    @Test func absurdNumbersAreBounded() {
        var situation = Situation(policies: [])
        situation.rules.prediction = .off
        situation.propose(.scaleTo(-5))
        #expect(situation.decision.target == 1)
        situation.propose(.scaleTo(.max), .scaleBy(.count(.max)), .scaleBy(.count(.min)), .scaleBy(.fraction(.nan)))
        #expect(situation.decision.target == 1_000_000_000)
    }
}

/// `scale_by` is relative to what is ready, and asking twice does not add up.
struct ScaleByTests {
    private func target(ready: Int, starting: Int, by amount: ScaleAmount) -> Int {
        var situation = Situation(ready: ready, starting: starting)
        situation.rules.prediction = .off
        situation.rules.limits.min = 0
        situation.propose(.scaleBy(amount))
        return situation.decision.target
    }

    @Test func isRelativeToReady() {
        #expect(target(ready: 10, starting: 0, by: .fraction(0.2)) == 12)
        #expect(target(ready: 10, starting: 0, by: .count(3)) == 13)
        #expect(target(ready: 10, starting: 0, by: .fraction(-0.25)) == 8)
        #expect(target(ready: 10, starting: 0, by: .count(-3)) == 7)
    }

    @Test func whatIsStartingCountsTowardsIt() {
        #expect(target(ready: 10, starting: 2, by: .fraction(0.2)) == 12, "asked for and not yet there: enough")
        #expect(target(ready: 10, starting: 1, by: .fraction(0.2)) == 12)
    }

    @Test func askingForMoreOrForNoChangeNeverStopsWhatIsStarting() {
        #expect(target(ready: 10, starting: 6, by: .fraction(0.2)) == 16)
        #expect(target(ready: 10, starting: 6, by: .count(0)) == 16)
        #expect(target(ready: 10, starting: 6, by: .fraction(0)) == 16)
    }

    @Test func movesByAtLeastOneAndNeverBelowNone() {
        #expect(target(ready: 3, starting: 0, by: .fraction(0.01)) == 4)
        #expect(target(ready: 3, starting: 0, by: .fraction(-0.01)) == 2)
        #expect(target(ready: 0, starting: 0, by: .fraction(0.5)) == 1)
        #expect(target(ready: 3, starting: 0, by: .fraction(-9)) == 0)
    }
}

/// A merge hook stands for the merge rule, and for nothing after it.
struct MergeHookTests {
    @Test func itsNumberReplacesPredictionProposalsAndHolds() {
        var situation = Situation(ahead: Array(repeating: 2000, count: 8))
        situation.propose(.atLeast(30), .hold(.both))
        situation.mergeHook = HookOutcome(policy: "merger", need: 13, reason: "the median of all")
        #expect(situation.decision.target == 13)
        #expect(situation.decision.reason == "scale out 10 → 13: merger decides: the median of all")
    }

    @Test func theRailsStillHold() {
        var situation = Situation()
        situation.rules.limits = Limits(min: 2, max: 12)
        situation.mergeHook = HookOutcome(policy: "merger", need: 99, reason: "")
        #expect(situation.decision.target == 12)
        situation.mergeHook?.need = -4
        #expect(situation.decision.target == 2)
    }

    @Test func whereItFailsTheUsualRuleHolds() {
        var situation = Situation(ahead: Array(repeating: 1100, count: 8))
        situation.propose(.atLeast(12))
        situation.mergeHook = HookOutcome(policy: "merger", need: nil, reason: "attempt to index nil")
        #expect(situation.decision.target == 12)
        #expect(situation.decision.step("merge_hook")?.reason.contains("attempt to index nil") ?? false)
    }
}
