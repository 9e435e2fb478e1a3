/// Forecasts one demand series, value by value.
package struct ForecastEngine: Sendable {
    package let configuration: ForecastConfiguration
    var history: [Double] = []
    package private(set) var count = 0

    package init(configuration: ForecastConfiguration) {
        self.configuration = configuration
    }

    /// Takes the next value of the grid; NaN is a gap.
    package mutating func append(_ value: Double) {
        history.append(value)
        count += 1
    }

    /// Takes values in bulk and trains once at the end.
    package mutating func append(contentsOf values: some Sequence<Double>) {
        for value in values { append(value) }
    }

    /// Steps 1…`configuration.horizon`.
    package func forecast() -> DemandForecast { forecast(through: configuration.horizon) }

    /// Steps 1…`horizon`, at most `configuration.longHorizon`.
    package func forecast(through horizon: Int) -> DemandForecast {
        let last = history.last { !$0.isNaN }
        let q = configuration.quantiles
        let rows = min(max(1, horizon), configuration.longHorizon)
        return DemandForecast(
            model: "last value", trust: 0, season: .none,
            originMilliseconds: configuration.startMilliseconds + Int64(count - 1) * configuration.stepMilliseconds,
            stepMilliseconds: configuration.stepMilliseconds, quantiles: q,
            values: last.map { Array(repeating: max(0, $0), count: rows * q.count) } ?? [])
    }
}
