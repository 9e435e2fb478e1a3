import Decision
import Domain
import Testing

/// The cost ceiling takes the dearest per unit of capacity first, and below the minimum only alerts.
struct CostTests {
    private func situation(ceiling: Double, min: Int = 1) -> Situation {
        var situation = Situation(ahead: Array(repeating: 2000, count: 8))
        situation.rules.limits = Limits(min: min, costPerHour: ceiling)
        return situation
    }

    @Test func paysForNoMoreThanItSays() {
        let decision = situation(ceiling: 14.5).decision
        #expect(decision.target == 14)
        #expect(decision.step("cost")?.reason == "cost ceiling 14.5/h pays for 14 of 20 (20/h)")
        #expect(situation(ceiling: 20).decision.target == 20)
    }

    @Test func takesWhatRunsTooWhereItIsNotPaidFor() {
        let decision = situation(ceiling: 6).decision
        #expect(decision.target == 6)
        #expect(decision.retired(.ready) == 4)
        #expect(decision.started() == 0)
    }

    @Test func theDearestPerUnitOfCapacityGoesFirst() {
        var situation = situation(ceiling: 11)
        situation.addBig(perHour: 6)
        situation.ahead = Array(repeating: 1800, count: 8)
        situation.more = [ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 60), count: 2)]
        // 10 web for 10 and 2 big for 12 an hour: big costs 0.015 for a unit, web 0.01.
        let decision = situation.decision
        #expect(decision.retired(.ready, persona: "big") == 2)
        #expect(decision.retired(.ready) == 0)
    }

    @Test func theMinimumStaysAndIsOnlySaid() {
        let decision = situation(ceiling: 3, min: 8).decision
        #expect(decision.target == 8)
        #expect(decision.step("cost")?.reason.contains("min 8 costs 8/h and stays") ?? false)
    }

    @Test(arguments: [Double.nan, .infinity, -1]) func aCeilingThatIsNoneIsNone(_ ceiling: Double) {
        #expect(situation(ceiling: ceiling).decision.target == 20)
    }
}
