import Decision
import Domain
import Testing

/// A step limit is a rate: its base is the target at the window's start, at least 1.
struct StepTests {
    private func situation(target: Int, up: RateLimit? = nil, down: RateLimit? = nil) -> Situation {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.limits = Limits(min: 1, stepUp: up, stepDown: down)
        situation.propose(.scaleTo(target))
        return situation
    }

    @Test func isCountedFromTheTargetAtTheWindowsStart() {
        var up = situation(target: 40, up: RateLimit(amount: .fraction(1), window: .minutes(5)))
        up.remember((9, 7), (6, 8), (3, 10))
        #expect(up.decision.target == 16, "8 stood when the window began; 10 came within it")
        #expect(up.decision.step("step")?.reason == "step limit 100%/5m allowed 16 of 40")
        var down = situation(target: 1, down: RateLimit(amount: .count(3), window: .minutes(5)))
        down.remember((6, 12), (3, 10))
        #expect(down.decision.target == 9, "two of the three are gone already")
    }

    @Test func anEntryAtTheVeryStartCounts() {
        var up = situation(target: 40, up: RateLimit(amount: .count(2), window: .minutes(5)))
        up.remember((9, 4), (5, 20), (1, 10))
        #expect(up.decision.target == 22)
    }

    @Test func withinAWindowStepsDoNotAddUp() {
        var up = situation(target: 40, up: RateLimit(amount: .fraction(0.5), window: .minutes(5)))
        up.remember((6, 6), (4, 9), (2, 9))
        #expect(up.decision.target == 10, "6 and half of it are 9: used up, and what is there stays")
    }

    @Test func withoutAPastTheCountAsItStandsIsTheBase() {
        #expect(situation(target: 40, up: RateLimit(amount: .fraction(0.5), window: .minutes(5))).decision.target == 15)
    }

    @Test func fromNothingTheBaseIsOne() {
        var up = situation(target: 40, up: RateLimit(amount: .fraction(1), window: .minutes(1)))
        up.ready = 0
        up.rules.limits.min = 0
        #expect(up.decision.target == 2)
    }

    @Test func alwaysLetsOneGo() {
        #expect(
            situation(target: 1, down: RateLimit(amount: .fraction(0.01), window: .minutes(1))).decision.target == 9
        )
        #expect(
            situation(target: 99, up: RateLimit(amount: .fraction(.nan), window: .minutes(1))).decision.target == 11
        )
        #expect(situation(target: 99, up: RateLimit(amount: .count(-3), window: .zero)).decision.target == 11)
    }

    @Test func theWayUpToTheMinimumIsFree() {
        var up = situation(target: 3, up: RateLimit(amount: .count(1), window: .hours(1)))
        up.rules.limits.min = 30
        #expect(up.decision.target == 30)
    }
}
