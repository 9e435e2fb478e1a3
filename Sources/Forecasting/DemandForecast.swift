/// Quantiles of future demand, one row per step ahead: monotone in the quantile, never negative.
///
/// Empty (`isEmpty`) only where no value of the series is known yet.
package struct DemandForecast: Hashable, Sendable, Codable {
    /// What made it, for people: `last value`, `seasonal naive (daily)`, `ridge …`.
    package var model: String
    /// How far it may be relied on, 0…1: rolling error against the seasonal naive, coverage, bias.
    package var trust: Double
    package var season: Season
    /// Time of the last value that it knew, in ms since 1970 UTC.
    package var originMilliseconds: Int64
    package var stepMilliseconds: Int64
    /// Ascending levels.
    package var quantiles: [Double]
    /// Steps ahead × quantiles, row-major: the row of `h` starts at `(h - 1) * quantiles.count`.
    package var values: [Double]

    package init(
        model: String,
        trust: Double,
        season: Season,
        originMilliseconds: Int64,
        stepMilliseconds: Int64,
        quantiles: [Double],
        values: [Double]
    ) {
        self.model = model
        self.trust = trust
        self.season = season
        self.originMilliseconds = originMilliseconds
        self.stepMilliseconds = stepMilliseconds
        self.quantiles = quantiles
        self.values = values
    }

    /// Nothing is known yet.
    package var isEmpty: Bool { values.isEmpty }

    /// Steps ahead that it covers.
    package var horizon: Int { quantiles.isEmpty ? 0 : values.count / quantiles.count }

    /// Demand `h` steps ahead at a level, linear between the levels that were computed, flat outside of them.
    ///
    /// `h` is held within 1…`horizon`; NaN where the forecast is empty.
    package func value(ahead h: Int, quantile: Double) -> Double {
        let levels = quantiles.count
        guard levels > 0, values.count >= levels else { return .nan }
        let row = (min(max(1, h), horizon) - 1) * levels
        guard quantile > quantiles[0] else { return values[row] }
        for i in 1..<max(1, levels) where quantile <= quantiles[i] {
            if quantile == quantiles[i] { return values[row + i] }
            let share = (quantile - quantiles[i - 1]) / (quantiles[i] - quantiles[i - 1])
            return values[row + i - 1] + share * (values[row + i] - values[row + i - 1])
        }
        return values[row + levels - 1]
    }
}
