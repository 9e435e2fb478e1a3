import Foundation
import TestSupport
import Testing

@testable import Forecasting

struct ForecastEngineTests {
    private func engine(_ perDay: Int = 288, lead: Int = 2) -> ForecastEngine {
        ForecastEngine(configuration: .init(stepMilliseconds: 86_400_000 / Int64(perDay), leadSteps: lead))
    }

    /// What every forecast must be, whatever came before.
    private func check(_ forecast: DemandForecast, _ comment: Comment, at location: SourceLocation = #_sourceLocation) {
        let levels = forecast.quantiles.count
        #expect(forecast.values.count % levels == 0, comment, sourceLocation: location)
        #expect(forecast.values.allSatisfy { $0.isFinite && $0 >= 0 }, comment, sourceLocation: location)
        for row in stride(from: 0, to: forecast.values.count, by: levels) {
            let values = forecast.values[row..<(row + levels)]
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, comment, sourceLocation: location)
        }
        #expect((0...1).contains(forecast.trust), comment, sourceLocation: location)
    }

    // MARK: Short and strange histories

    @Test(arguments: [1, 2, 3, 10, 11, 12, 13, 40, 287, 288, 289, 600, 720, 864, 2016, 2592, 4032])
    func shortHistoryDegradesAndNeverFails(_ length: Int) {
        var demand = SyntheticDemand(days: 15)
        demand.daily = 0.4
        var engine = engine()
        engine.append(contentsOf: demand.values().prefix(length))
        let forecast = engine.forecast()
        #expect(forecast.horizon == 4)
        check(forecast, "\(length) values")
        check(engine.forecast(through: 288), "\(length) values, a day ahead")
        #expect(forecast.originMilliseconds == Int64(length - 1) * 300_000)
    }

    @Test func nothingKnownIsAnEmptyForecast() {
        var engine = engine()
        #expect(engine.forecast().isEmpty)
        for _ in 0..<700 { engine.append(.nan) }
        #expect(engine.forecast().isEmpty)
        #expect(engine.forecast().trust == 0)
        #expect(engine.forecast().value(ahead: 1, quantile: 0.5).isNaN)
        engine.append(7)
        check(engine.forecast(), "one value after gaps")
        #expect(abs(engine.forecast().value(ahead: 1, quantile: 0.5) - 7) < 1e-5)
    }

    @Test func oneValueForecastsItselfWithRoom() {
        var engine = engine()
        engine.append(100)
        let forecast = engine.forecast()
        #expect(forecast.model == "last value")
        #expect(forecast.trust == 0)
        #expect(abs(forecast.value(ahead: 2, quantile: 0.5) - 100) < 1e-4)
        #expect(forecast.value(ahead: 2, quantile: 0.95) > 110)
        #expect(forecast.value(ahead: 2, quantile: 0.05) < 90)
    }

    @Test func modelsGrowWithHistory() {
        var demand = SyntheticDemand(days: 17)
        demand.daily = 0.5
        demand.weekend = 0.4
        let values = demand.values()
        var engine = engine()
        var features: [Features?] = []
        for days in [0, 1, 3, 16] {
            engine.append(contentsOf: values[engine.count..<max(days * 288, 5)])
            features.append(engine.ridge?.features)
        }
        #expect(features[0] == nil)
        #expect(features[1].map { !$0.daily && !$0.weekly } == true)
        #expect(features[2].map { $0.daily && !$0.weekly } == true)
        #expect(features[3].map { $0.daily && $0.weekly } == true)
        #expect(engine.season == Season(daily: true, weekly: true))
    }

    @Test(arguments: [0.0, 1, 50, 1e15, 1e300])
    func constantDemandIsForecastAsItself(_ level: Double) {
        var engine = engine()
        engine.append(contentsOf: Array(repeating: level, count: 288 * 10))
        let forecast = engine.forecast(through: 288)
        check(forecast, "constant \(level)")
        // Demand beyond what its square can hold is read as the largest that can.
        let read = min(level, 1e60)
        for h in [1, 4, 100, 288] {
            for quantile in [0.05, 0.5, 0.95] {
                #expect(abs(forecast.value(ahead: h, quantile: quantile) - read) <= 1e-3 * read)
            }
        }
    }

    @Test func quietServiceThatWakesUpIsFollowed() {
        var engine = engine()
        engine.append(contentsOf: Array(repeating: 0, count: 288 * 4))
        var random = SeededGenerator(seed: 5)
        for _ in 0..<288 { engine.append(100 + 5 * random.normal()) }
        let forecast = engine.forecast()
        check(forecast, "awake")
        #expect(abs(forecast.value(ahead: 2, quantile: 0.5) - 100) < 20)
        #expect(forecast.value(ahead: 2, quantile: 0.95) < 300)
    }

    /// A fleet's first hours hold no second rise that would tell where the first one ends.
    @Test func aSteepFirstDayIsNotDrawnOutBeyondThreeTimesItsPeak() {
        var engine = engine(lead: 10)
        var peak = 0.0
        for i in 0..<200 {
            let value = 5 + 40 * (1 - cos(2 * Double.pi * Double(i) / 30)) / 2
            peak = max(peak, value)
            engine.append(value)
            let most = engine.forecast().value(ahead: 10, quantile: 0.95)
            #expect(most <= 3.001 * peak, "\(i): \(most) of \(peak)")
        }
    }

    @Test func spikesStayWithinBounds() {
        var demand = SyntheticDemand(days: 8)
        demand.daily = 0.3
        var values = demand.values()
        for i in stride(from: 100, to: values.count, by: 397) { values[i] = 1e15 }
        values[values.count - 1] = 1e15
        var engine = engine()
        for (i, value) in values.enumerated() {
            engine.append(value)
            if i % 97 == 0 || i == values.count - 1 { check(engine.forecast(), "spike near \(i)") }
        }
        #expect(engine.forecast().values.allSatisfy { $0 <= 1e16 })
    }

    @Test func hostileNumbersAreReadAsGapsOrZero() {
        var engine = engine(24, lead: 1)
        var random = SeededGenerator(seed: 9)
        for i in 0..<600 {
            let odd = [Double.nan, .infinity, -.infinity, -5, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0]
            engine.append(i % 3 == 0 ? odd[Int.random(in: 0..<odd.count, using: &random)] : Double(i % 24))
            check(engine.forecast(), "after \(i)")
        }
        check(engine.forecast(through: 100_000_000), "as far as allowed")
        #expect(engine.forecast(through: .max).horizon == engine.configuration.longHorizon)
        #expect(engine.forecast(through: .min).horizon == 1)
    }

    @Test(arguments: [1, 3_600_000, 3_500_000, 420_000, 86_400_000, 200_000_000, Int64.max, 0, -7])
    func anyGridWorks(_ step: Int64) {
        var engine = ForecastEngine(
            configuration: .init(stepMilliseconds: step, startMilliseconds: .max - 5, leadSteps: 11, horizon: 90)
        )
        let demand = SyntheticDemand(stepsPerDay: 24, days: 40, daily: 0.3)
        engine.append(contentsOf: demand.values())
        check(engine.forecast(through: 200), "step \(step)")
    }

    @Test func gapsAreBridged() {
        var demand = SyntheticDemand(days: 12)
        demand.daily = 0.5
        demand.noise = 0.02
        var values = demand.values()
        let truth = values
        for i in 288 * 9..<(288 * 9 + 200) { values[i] = .nan }
        var engine = engine()
        engine.append(contentsOf: values.prefix(288 * 9 + 100))
        check(engine.forecast(), "inside an outage")
        engine.append(contentsOf: values[engine.count..<(288 * 10 + 50)])
        // A day later the outage of yesterday must not be mistaken for what yesterday was like.
        let expected = truth[engine.count + 1]
        #expect(abs(engine.forecast().value(ahead: 2, quantile: 0.5) - expected) < 0.25 * expected)
    }

    // MARK: Pure

    @Test func seesNothingOfTheFuture() {
        var demand = SyntheticDemand(days: 6)
        demand.daily = 0.4
        let past = demand.values()
        var a = engine()
        a.append(contentsOf: past)
        var b = engine()
        var all = past
        for i in 0..<700 { all.append(i % 2 == 0 ? 1e9 : .nan) }
        // One engine is asked as it goes through a wholly different future: what it said before stands.
        var said: DemandForecast?
        for (i, value) in all.enumerated() {
            b.append(value)
            if i == past.count - 1 { said = b.forecast() }
        }
        #expect(said == a.forecast())
        #expect(b.forecast() != a.forecast())
    }

    @Test func bulkAndSingleAppendsAreTheSame() {
        var demand = SyntheticDemand(days: 10)
        demand.daily = 0.4
        let values = demand.values()
        var bulk = engine()
        bulk.append(contentsOf: values)
        var single = engine()
        for value in values { single.append(value) }
        #expect(bulk == single)
        #expect(bulk.forecast(through: 288) == single.forecast(through: 288))
    }

    @Test func askingChangesNothing() {
        var a = engine()
        var b = engine()
        for value in SyntheticDemand(days: 3, daily: 0.3).values() {
            a.append(value)
            b.append(value)
            _ = b.forecast()
        }
        _ = b.forecast(through: 288)
        #expect(a == b)
    }

    @Test func updatesWithoutTrainingKeepTheModels() {
        let values = SyntheticDemand(days: 9, daily: 0.4).values()
        var engine = engine()
        engine.append(contentsOf: values.prefix(288 * 7))
        let trained = engine.ridge
        for value in values.suffix(288 * 2) { engine.update(value) }
        #expect(engine.ridge == trained)
        #expect(engine.needsTraining)
        check(engine.forecast(), "untrained for two days")
        engine.train()
        #expect(!engine.needsTraining)
        #expect(engine.ridge != trained)
    }

    @Test func oldHistoryIsDropped() {
        var engine = ForecastEngine(configuration: .init(stepMilliseconds: 3_600_000, historyLimit: 400))
        engine.append(contentsOf: SyntheticDemand(stepsPerDay: 24, days: 100, daily: 0.4).values())
        #expect(engine.history.count <= 450)
        #expect(engine.history.count == engine.known.count)
        check(engine.forecast(), "after dropping")
    }
}
