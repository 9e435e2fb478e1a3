import Testing

@testable import Forecasting

struct SeasonDetectionTests {
    private func season(_ demand: SyntheticDemand) -> Season {
        let values = demand.values()
        return Season.detect(values.map(Float.init), known: values.map { _ in true }, day: demand.stepsPerDay)
    }

    @Test(arguments: [24, 48, 144, 288, 1440])
    func findsWhatIsThere(_ perDay: Int) {
        let plain = SyntheticDemand(stepsPerDay: perDay, days: 28)
        #expect(season(plain) == .none)
        var day = plain
        day.daily = 0.4
        #expect(season(day) == Season(daily: true, weekly: false))
        var week = day
        week.weekend = 0.4
        week.noise = 0.2
        #expect(season(week) == Season(daily: true, weekly: true))
    }

    @Test func growthIsNoSeason() {
        #expect(season(SyntheticDemand(stepsPerDay: 96, days: 28, trendPerDay: 20)) == .none)
    }

    @Test func oneValueADayCanHaveAWeek() {
        #expect(season(SyntheticDemand(stepsPerDay: 1, days: 70, weekend: 0.5)) == Season(daily: false, weekly: true))
    }

    @Test func tooShortOrConstantHasNone() {
        #expect(season(SyntheticDemand(stepsPerDay: 288, days: 1, daily: 0.5)) == .none)
        #expect(season(SyntheticDemand(stepsPerDay: 24, days: 30, noise: 0)) == .none)
        #expect(Season.detect([], known: [], day: 24) == .none)
    }

    @Test func gapsDoNotHideIt() {
        var demand = SyntheticDemand(stepsPerDay: 144, days: 21)
        demand.daily = 0.4
        let values = demand.values()
        let known = values.indices.map { $0 % 5 != 0 && !(1000..<1200).contains($0) }
        #expect(Season.detect(values.map(Float.init), known: known, day: 144).daily)
    }
}
