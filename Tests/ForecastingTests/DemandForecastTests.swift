import Testing

@testable import Forecasting

struct DemandForecastTests {
    private let forecast = DemandForecast(
        model: "test",
        trust: 1,
        season: .none,
        originMilliseconds: 0,
        stepMilliseconds: 60_000,
        quantiles: [0.1, 0.5, 0.9],
        values: [1, 2, 4, 10, 20, 40]
    )

    @Test(arguments: [(1, 0.5, 2.0), (1, 0.7, 3.0), (2, 0.9, 40.0), (2, 0.3, 15.0), (1, 0.01, 1.0), (2, 0.99, 40.0)])
    func readsBetweenLevels(_ h: Int, _ quantile: Double, _ expected: Double) {
        #expect(abs(forecast.value(ahead: h, quantile: quantile) - expected) < 1e-12)
    }

    @Test func stepsOutsideAreHeldToTheNearest() {
        #expect(forecast.value(ahead: -3, quantile: 0.5) == 2)
        #expect(forecast.value(ahead: .max, quantile: 0.5) == 20)
    }

    @Test func configurationHoldsItsBounds() {
        let odd = ForecastConfiguration(
            stepMilliseconds: 0,
            leadSteps: -4,
            horizon: .max,
            longHorizon: .min,
            quantiles: [0.9, .nan, 0.9, 2, 0, 0.2],
            historyLimit: -1,
            trainingInterval: 0
        )
        #expect(odd.stepMilliseconds == 1)
        #expect(odd.leadSteps == 1)
        #expect(odd.horizon <= odd.longHorizon)
        #expect(odd.quantiles == [0.2, 0.9])
        #expect(odd.historyLimit >= 64)
        #expect(odd.trainingInterval == 1)
        #expect(ForecastConfiguration(stepMilliseconds: 60_000, leadSteps: 10).horizon == 12)
        #expect(ForecastConfiguration(stepMilliseconds: 60_000, leadSteps: .max).horizon == 96)
    }
}
