import Decision
import Domain
import Testing

/// How often the direction may turn; it is the turn inwards that waits.
struct ReversalsTests {
    private func situation(target: Int) -> Situation {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.limits = Limits(min: 1, reversals: CountLimit(count: 2, window: .hours(1)))
        situation.propose(.scaleTo(target))
        return situation
    }

    @Test func aFleetThatSwingsStopsTurningInwards() {
        var swinging = situation(target: 5)
        swinging.remember((50, 8), (40, 10), (30, 6), (20, 10))
        let decision = swinging.decision
        #expect(decision.outcome == .hold)
        #expect(decision.step("reversals")?.reason == "reversal budget 2/1h is used up (turned 2 times): no scale-in")
    }

    @Test func whatMustGrowGrows() {
        var swinging = situation(target: 15)
        swinging.remember((50, 12), (40, 8), (30, 12), (20, 10))
        #expect(swinging.decision.target == 15)
    }

    @Test func goingOnInwardsIsNoTurn() {
        var shrinking = situation(target: 5)
        shrinking.remember((50, 8), (40, 14), (30, 6), (20, 12), (10, 10))
        #expect(shrinking.decision.target == 5)
    }

    @Test func turnsBeforeTheWindowAreForgotten() {
        var calm = situation(target: 5)
        calm.remember((90, 8), (80, 10), (70, 6), (65, 10), (20, 10))
        #expect(calm.decision.target == 5)
    }

    @Test func aTurnInTheWindowCountsThoughTheWayBeforeItBeganEarlier() {
        var swinging = situation(target: 5)
        swinging.remember((90, 8), (80, 12), (50, 9), (20, 10))
        #expect(swinging.decision.outcome == .hold)
    }
}
