import Decision
import Domain
import Testing

/// How many may go within a window, whatever came in between.
struct RemovalsTests {
    private func situation(target: Int, removals: RateLimit) -> Situation {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.limits = Limits(min: 1, removals: removals)
        situation.propose(.scaleTo(target))
        return situation
    }

    private let half = RateLimit(amount: .fraction(0.5), window: .hours(1))

    @Test func noMoreThanTheBudgetGoes() {
        let decision = situation(target: 1, removals: half).decision
        #expect(decision.target == 5)
        #expect(decision.step("removals")?.reason == "removal budget 50%/1h leaves 5 of 9")
    }

    @Test func whatWentCountsThoughOthersCame() {
        var shaken = situation(target: 1, removals: half)
        shaken.remember((70, 12), (50, 8), (40, 10))
        #expect(shaken.decision.target == 8, "four of six are gone already")
    }

    @Test func whatWasReplacedCountsThoughTheTargetStayed() {
        var replaced = situation(target: 1, removals: half)
        replaced.past = [
            PastDecision(at: ago(minutes: 70), target: 10, need: 10),
            PastDecision(at: ago(minutes: 20), target: 10, need: 10, removed: 4),
        ]
        #expect(replaced.decision.target == 9)
    }

    @Test func aUsedUpBudgetHolds() {
        var used = situation(target: 1, removals: RateLimit(amount: .count(2), window: .hours(1)))
        used.remember((50, 13), (40, 10))
        #expect(used.decision.outcome == .hold)
    }

    @Test func theBudgetComesBackWithTime() {
        var used = situation(target: 1, removals: RateLimit(amount: .count(2), window: .hours(1)))
        used.remember((70, 13), (61, 10))
        #expect(used.decision.target == 8)
    }
}
