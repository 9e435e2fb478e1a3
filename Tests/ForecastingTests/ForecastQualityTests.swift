import Testing

@testable import Forecasting

/// What forecasts are worth on demand whose law is known.
struct ForecastQualityTests {
    private struct Run {
        var coverage: [Double]
        var error: Double
        var naiveError: Double
        var trust: Double
    }

    /// Forecasts the second half step by step, at the lead.
    private func run(_ values: [Double], perDay: Int, lead: Int = 2) -> Run {
        var engine = ForecastEngine(
            configuration: .init(stepMilliseconds: 86_400_000 / Int64(perDay), leadSteps: lead)
        )
        let first = values.count / 2
        engine.append(contentsOf: values.prefix(first))
        let levels = [0.1, 0.5, 0.9, 0.95]
        var below = Array(repeating: 0.0, count: levels.count)
        var error = 0.0
        var naive = 0.0
        var steps = 0.0
        for t in first..<(values.count - lead) {
            let forecast = engine.forecast()
            let actual = values[t - 1 + lead]
            for (i, level) in levels.enumerated() where actual <= forecast.value(ahead: lead, quantile: level) {
                below[i] += 1
            }
            error += abs(actual - forecast.value(ahead: lead, quantile: 0.5))
            naive += abs(actual - values[t - 1 + lead - perDay])
            steps += 1
            engine.append(values[t])
        }
        return Run(coverage: below.map { $0 / steps }, error: error, naiveError: naive, trust: engine.trust)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func quantilesCoverWhatTheyPromise(_ seed: UInt64) {
        var demand = SyntheticDemand(stepsPerDay: 144, days: 28, daily: 0.5, noise: 0.1, seed: seed)
        demand.weekend = 0.3
        let run = run(demand.values(), perDay: 144)
        for (coverage, level) in zip(run.coverage, [0.1, 0.5, 0.9, 0.95]) {
            #expect(abs(coverage - level) < 0.04, "\(level) covered \(coverage)")
        }
    }

    @Test func coverageReturnsAfterTheNoiseGrows() {
        let calm = SyntheticDemand(stepsPerDay: 144, days: 10, daily: 0.4, noise: 0.03).values()
        let wild = SyntheticDemand(stepsPerDay: 144, days: 10, daily: 0.4, noise: 0.15, seed: 2).values()
        let run = run(calm + wild, perDay: 144)
        #expect(abs(run.coverage[3] - 0.95) < 0.04)
    }

    @Test func seasonsAreLearnedBetterThanByRepeatingYesterday() {
        let run = run(SyntheticDemand(stepsPerDay: 144, days: 28, daily: 0.5, noise: 0.05).values(), perDay: 144)
        #expect(run.error < 0.85 * run.naiveError)
        #expect(run.trust > 0.65)
    }

    @Test func aDayAheadFollowsTheSeason() {
        let values = SyntheticDemand(stepsPerDay: 144, days: 21, daily: 0.5, noise: 0.03).values()
        var engine = ForecastEngine(configuration: .init(stepMilliseconds: 600_000))
        engine.append(contentsOf: values.prefix(144 * 20))
        let forecast = engine.forecast(through: 144)
        #expect(forecast.horizon == 144)
        var error = 0.0
        var covered = 0.0
        for h in 1...144 {
            let actual = values[144 * 20 + h - 1]
            error += abs(actual - forecast.value(ahead: h, quantile: 0.5)) / 144
            if actual <= forecast.value(ahead: h, quantile: 0.95) { covered += 1.0 / 144 }
        }
        // The noise itself has a mean deviation of 2.4.
        #expect(error < 6)
        #expect(covered > 0.85)
        // What is asked for every step is the beginning of what is asked for now and then.
        #expect(Array(forecast.values.prefix(engine.forecast().values.count)) == engine.forecast().values)
    }

    @Test func manyHorizonsThanStepsOfADay() {
        let values = SyntheticDemand(stepsPerDay: 24, days: 40, daily: 0.5, noise: 0.03).values()
        var engine = ForecastEngine(configuration: .init(stepMilliseconds: 3_600_000, horizon: 48))
        engine.append(contentsOf: values.prefix(24 * 38))
        let forecast = engine.forecast()
        var error = 0.0
        for h in 1...48 { error += abs(values[24 * 38 + h - 1] - forecast.value(ahead: h, quantile: 0.5)) / 48 }
        #expect(error < 5)
    }

    @Test func trustFallsWhereForecastsTurnOutWrong() {
        var meter = TrustMeter()
        #expect(meter.trust == 0)
        // Much worse than the naive, and always too low.
        for _ in 0..<200 { meter.update(10, forecast: (4, 5), naive: (9.9, 10.2)) }
        #expect(meter.trust < 0.1)
        var good = TrustMeter()
        for i in 0..<200 {
            good.update(i % 2 == 0 ? 10.1 : 9.9, forecast: (10, 10.2), naive: (9, 11))
            if i == 5 { #expect(good.trust < 0.5) }
        }
        #expect(good.trust > 0.8)
        var equal = TrustMeter()
        for i in 0..<200 { equal.update(i % 2 == 0 ? 9 : 11, forecast: (10, 12), naive: (10, 12)) }
        #expect(abs(equal.trust - 0.6) < 0.02)
    }
}
