import Decision
import Domain
import Testing

/// A person's word holds for its time, and says whose it is.
struct OverrideTests {
    private func decision(
        _ overrides: OperatorOverride...,
        wanted: Int,
        at ready: Int = 10,
        _ change: (inout Situation) -> Void = { _ in }
    ) -> Decision {
        var situation = Situation(ready: ready)
        situation.rules.prediction = .off
        situation.rules.overrides = overrides
        situation.propose(.scaleTo(wanted))
        change(&situation)
        return situation.decision
    }

    private func pause(_ pause: OperatorOverride.Pause, until minutes: Int64? = nil) -> OperatorOverride {
        OperatorOverride(pause: pause, until: minutes.map { fromNow(minutes: $0) }, by: "ada", reason: "a test")
    }

    @Test func onlyTheDirectionThatIsPausedStands() {
        #expect(decision(pause(.out), wanted: 20).target == 10)
        #expect(decision(pause(.out), wanted: 5).target == 5)
        #expect(decision(pause(.in), wanted: 5).target == 10)
        #expect(decision(pause(.in), wanted: 20).target == 20)
        #expect(decision(pause(.all), wanted: 20).target == 10)
        #expect(decision(pause(.in), pause(.out), wanted: 20).target == 10)
        #expect(decision(pause(.in), pause(.out), wanted: 5).outcome == .hold)
    }

    @Test func itEndsByItself() {
        #expect(decision(pause(.all, until: 0), wanted: 20).target == 20)
        #expect(decision(pause(.all, until: 1), wanted: 20).target == 10)
    }

    @Test func theTraceSaysWhoWhenAndWhy() {
        let paused = decision(pause(.out, until: 60), wanted: 20)
        #expect(
            paused.step("pause")?.reason
                == "scale-out is paused by ada until 2026-03-02T13:00:00Z: a test: no scale-out"
        )
        #expect(decision(pause(.all), wanted: 20).reason.hasSuffix("paused by ada: a test"))
        let raised = decision(OperatorOverride(min: 50, by: "ada", reason: "launch"), wanted: 5)
        #expect(raised.step("min_max")?.reason == "min is 50 by ada: launch")
    }

    @Test func aLargerMinimumIsReachedAtOnceAndBlind() {
        let raise = OperatorOverride(min: 50, by: "ada")
        #expect(decision(raise, wanted: 5).target == 50)
        let stepped = decision(raise, wanted: 5) {
            $0.rules.limits.stepUp = RateLimit(amount: .count(1), window: .minutes(1))
        }
        #expect(stepped.target == 50)
        var blind = Situation(demand: .blind(status: "missing", last: nil))
        blind.rules.overrides = [raise]
        #expect(blind.decision.target == 50)
    }

    @Test func aSmallerMaximumHoldsButNeverBelowTheMinimum() {
        #expect(decision(OperatorOverride(max: 12, by: "ada"), wanted: 20).target == 12)
        let below = decision(OperatorOverride(max: 1, by: "ada"), wanted: 20) { $0.rules.limits.min = 4 }
        #expect(below.target == 4)
    }

    @Test func aPersonsWordIsReplayedFromTheRecord() throws {
        var situation = Situation()
        situation.rules.overrides = [pause(.in, until: 5), OperatorOverride(min: 30, max: 40, by: "bob")]
        situation.rules.shared = SharedBudget(costPerHour: 100, costLeft: 7, starts: 5, startsLeft: 2)
        let record = DecisionRecord(deciding: situation.input)
        #expect(record.isReproduced)
    }
}

/// What all fleets together may take.
struct SharedBudgetTests {
    private func decision(_ shared: SharedBudget, wanted: Int, min: Int = 1) -> Decision {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.limits.min = min
        situation.rules.shared = shared
        situation.propose(.scaleTo(wanted))
        return situation.decision
    }

    @Test func onlyWhatIsLeftStarts() {
        let cost = decision(SharedBudget(costPerHour: 50, costLeft: 3.5), wanted: 20)
        #expect(cost.target == 13)
        #expect(cost.step("budget")?.reason.hasPrefix("all fleets together may cost 50/h") == true)
        let starts = decision(SharedBudget(starts: 5, startsLeft: 4), wanted: 20)
        #expect(starts.target == 14)
        #expect(decision(SharedBudget(starts: 5, startsLeft: -3), wanted: 20).outcome == .hold)
        #expect(decision(SharedBudget(costPerHour: 50, costLeft: -9), wanted: 20).outcome == .hold)
        #expect(decision(SharedBudget(costPerHour: 50, costLeft: .nan), wanted: 12).target == 12)
    }

    @Test func itRemovesNothingAndTheMinimumIsReached() {
        #expect(decision(SharedBudget(costPerHour: 5, costLeft: -5), wanted: 10).outcome == .hold)
        #expect(
            decision(SharedBudget(costPerHour: 5, costLeft: -5, starts: 1, startsLeft: 0), wanted: 20, min: 15).target
                == 15
        )
        #expect(decision(SharedBudget(costPerHour: 5, costLeft: -5), wanted: 4).target == 4)
    }
}
