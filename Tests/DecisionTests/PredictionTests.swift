import Decision
import Domain
import Testing

/// What is asked for now is there one lead time from now; what is let go now is missed until then.
struct PredictionTests {
    @Test func capacityIsAskedForOneLeadTimeBeforeTheDemand() {
        var situation = Situation(ahead: [1000, 1000, 1000, 1000, 1500, 9000, 9000])
        #expect(situation.decision.target == 15)
        situation.ahead = [1000, 1000, 1000, 1000, 1000, 9000, 9000]
        #expect(situation.decision.outcome == .hold)
    }

    /// Between two steps it is not known which of them the new resources meet first.
    @Test func aMomentBetweenTwoStepsCountsWithBoth() {
        var input = Situation(ahead: [1000, 1000, 1000, 1000, 1100, 1300, 9000]).input
        input.observation.now = input.observation.now + .seconds(10)
        #expect(decide(input).target == 13)
    }

    @Test func theForecastIsReadByTimeEvenWhenItIsOld() {
        var input = Situation(ahead: [0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1700, 9000]).input
        input.outlook?.origin = ago(minutes: 4)
        #expect(decide(input).target == 17)
    }

    @Test func beyondItsEndTheForecastsLastValueHolds() {
        #expect(Situation(ahead: [1000, 1400]).decision.target == 14)
    }

    @Test func aStepThatTheModelLeftOpenSaysNothing() {
        #expect(Situation(ahead: [1000, 1000, 1000, 1000, .nan, 1000]).decision.target == 10)
        #expect(Situation(ahead: [.nan, .infinity]).decision.outcome == .hold)
    }

    @Test func aPeakBeforeTheLeadTimeIsKeptButNotAddedFor() {
        var situation = Situation(demand: .value(300), ahead: [300, 900, 300, 300, 300, 300])
        #expect(situation.decision.target == 9)
        situation.ready = 5
        #expect(situation.decision.target == 5, "what is asked for now comes too late for it")
    }

    @Test func aPredictionAloneNeverRemovesWhatServesTheDemandOfThisMoment() {
        let situation = Situation(demand: .value(850), ahead: Array(repeating: 100, count: 8))
        #expect(situation.decision.target == 9)
        #expect(situation.decision.reason.contains("demand is 850 now"))
    }

    @Test func scalesInOnceDemandNowAndUntilThenAreLower() {
        let decision = Situation(demand: .value(420), ahead: Array(repeating: 400, count: 8)).decision
        #expect(decision.outcome == .scaleIn)
        #expect(decision.target == 5)
        #expect(decision.retired(.ready) == 5)
    }

    @Test(arguments: [
        Reading.blind(status: "missing", last: 900), .blind(status: "stale", last: nil),
        .blind(status: "idle", last: nil),
        .value(.nan), .value(.infinity), .value(-5),
    ])
    func aMissingMetricNeverReadsAsZero(_ reading: Reading) {
        for mode in [OnBlind.hold, .holdIn] {
            var situation = Situation(demand: reading, ahead: Array(repeating: 0, count: 8))
            situation.rules.onBlind = mode
            #expect(situation.decision.target == 10)
            situation.ahead = nil
            #expect(situation.decision.target == 10)
        }
    }

    @Test func withoutAForecastTheDemandOfThisMomentWithHeadroomStandsIn() {
        var situation = Situation(demand: .value(1000))
        situation.rules.headroom = 0.2
        #expect(situation.decision.target == 12)
        situation.demand = .value(500)
        #expect(situation.decision.target == 6)
    }

    @Test func aFleetThatSaysNothingOfItsCapacityStays() {
        var situation = Situation(demand: .value(5000), ahead: [9000])
        situation.rules.personas[0].capacity = .nan
        #expect(situation.decision.target == 10)
        #expect(situation.decision.reason.contains("no persona says what it serves"))
    }

    @Test func aTenthServesThreeTimesWhatThreeTenthsAre() {
        var situation = Situation(ready: 3, demand: .value(0.3), ahead: [0.3])
        situation.rules.personas[0].capacity = 0.1
        #expect(situation.decision.outcome == .hold)
    }
}

/// Below its trust the forecast may add, but what it would remove is left to the demand of this moment.
struct TrustTests {
    @Test func anUntrustedForecastStillAdds() {
        #expect(Situation(ahead: Array(repeating: 1500, count: 8), trust: 0.1).decision.target == 15)
    }

    @Test func anUntrustedForecastNeverRemoves() {
        var situation = Situation(demand: .value(800), ahead: Array(repeating: 100, count: 8), trust: 0.1)
        situation.rules.headroom = 0.1
        let decision = situation.decision
        #expect(decision.target == 9, "800 with a tenth more need 9, where the forecast would keep 8")
        #expect(
            decision.step("trust")
                == TraceStep(rule: "trust", before: 8, after: 9, reason: decision.step("trust")?.reason ?? "")
        )
        situation.demand = .blind(status: "idle", last: nil)
        #expect(situation.decision.target == 10)
    }

    @Test func trustJustAtTheThresholdIsEnough() {
        var situation = Situation(demand: .value(800), ahead: Array(repeating: 100, count: 8), trust: 0.5)
        situation.rules.headroom = 0.5
        #expect(situation.decision.target == 8)
        situation.trust = .nan
        #expect(situation.decision.target == 12)
    }
}
