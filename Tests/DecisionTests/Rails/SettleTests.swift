import Decision
import Domain
import Testing

/// Scale-in goes no lower than the largest need of the last while; scale-out never waits.
struct SettleTests {
    private func situation(target: Int, needs: [(Int64, Int)]) -> Situation {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.limits = Limits(min: 1, settle: .minutes(5))
        situation.past = needs.map { PastDecision(at: ago(minutes: $0.0), target: 10, need: $0.1) }
        situation.propose(.scaleTo(target))
        return situation
    }

    @Test func keepsWhatWasNeededLately() {
        let decision = situation(target: 2, needs: [(6, 9), (5, 7), (2, 4)]).decision
        #expect(decision.target == 7)
        #expect(decision.step("settle")?.reason == "settle: 7 were needed within the last 5m")
    }

    @Test func forgetsWhatWasNeededBefore() {
        #expect(situation(target: 2, needs: [(6, 9), (4, 3)]).decision.target == 3)
    }

    @Test func neverAddsByItself() {
        #expect(situation(target: 2, needs: [(1, 50)]).decision.target == 10)
    }

    @Test func scaleOutNeverWaits() {
        #expect(situation(target: 50, needs: [(1, 2)]).decision.target == 50)
    }
}
