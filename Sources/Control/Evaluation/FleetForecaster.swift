package import Decision
package import Domain
package import Forecasting
import Scripting

/// The *forecast* verb: a fleet's demand on its grid, and the model that learns from it.
///
/// Demand is put on the grid once, here: a step without a reading becomes a gap, never a zero, and a reading for a step that is
/// already known is left aside. The model sees one value per step and nothing later than the last one.
package struct FleetForecaster: Sendable {
    package let step: TimeSpan
    /// The quantile that the fleet's costs ask for.
    package let quantile: Double
    /// The last grid step that is known; nil before the first.
    package private(set) var origin: Timestamp?
    /// Steps from asking for a resource to its being ready, that the model was made for.
    package let leadSteps: Int
    private var engine: ForecastEngine
    private let horizon: Int
    private var cache = ForecastCache()

    /// The instant of the first grid step.
    package var start: Timestamp { first }

    /// - Parameters:
    ///   - start: instant of the first grid step.
    ///   - leadTime: time from asking for a resource to its being ready.
    ///   - utcOffset: of the fleet's zone at `start`, so that the model's day begins where people's day begins.
    package init(step: TimeSpan, start: Timestamp, leadTime: TimeSpan, quantile: Double, utcOffset: TimeSpan = .zero) {
        self.step = step
        self.quantile = quantile
        let lead = Self.steps(in: leadTime, of: step)
        leadSteps = lead
        horizon = lead + 2
        engine = ForecastEngine(
            configuration: ForecastConfiguration(
                stepMilliseconds: step.milliseconds,
                startMilliseconds: start.milliseconds,
                utcOffsetMilliseconds: utcOffset.milliseconds,
                leadSteps: lead,
                horizon: horizon,
                quantiles: ForecastConfiguration.defaultQuantiles + [quantile]
            )
        )
        first = start
    }

    private let first: Timestamp

    /// Steps that `span` covers, at least one.
    package static func steps(in span: TimeSpan, of step: TimeSpan) -> Int {
        let step = max(1, step.milliseconds)
        let whole = span.milliseconds / step + (span.milliseconds % step > 0 ? 1 : 0)
        return Int(clamping: max(1, whole))
    }

    /// Takes a long history at once and trains on it; NaN = gap. Only before the first `observe`.
    package mutating func learn(_ history: [Double]) {
        guard origin == nil, !history.isEmpty else { return }
        engine.append(contentsOf: history)
        cache = ForecastCache()
        origin = first + TimeSpan(milliseconds: step.milliseconds * Int64(history.count - 1))
    }

    /// Takes the demand of the grid step that `time` lies in; NaN where it is not known.
    ///
    /// - Parameter trains: whether the model may be fitted anew where that is due. A loop that must not wait for it says no, and
    ///   trains a copy elsewhere.
    package mutating func observe(_ demand: Double, at time: Timestamp, trains: Bool = true) {
        let index = (time - first).milliseconds / step.milliseconds
        let next = origin.map { ($0 - first).milliseconds / step.milliseconds + 1 } ?? 0
        guard time >= first, index >= next else { return }
        // A silence is a gap of that many steps. One of more than a year says nothing that a model could use.
        let gap = min(index - next, TimeSpan.days(366).milliseconds / step.milliseconds)
        for _ in 0..<gap { take(.nan, trains) }
        take(demand, trains)
        cache = ForecastCache()
        origin = first + TimeSpan(milliseconds: index * step.milliseconds)
    }

    private mutating func take(_ value: Double, _ trains: Bool) {
        if trains { engine.append(value) } else { engine.update(value) }
    }

    /// Enough values have come since the model was last fitted.
    package var needsTraining: Bool { engine.needsTraining }

    /// Fits the model anew; takes long.
    package mutating func train() {
        engine.train()
        cache = ForecastCache()
    }

    /// The part of the forecast that sizes the fleet; nil while nothing is known.
    package func outlook() -> DemandOutlook? {
        cache.outlook { makeOutlook() }
    }

    private func makeOutlook() -> DemandOutlook? {
        guard let origin else { return nil }
        let forecast = engine.forecast()
        guard !forecast.isEmpty else { return nil }
        return DemandOutlook(
            model: forecast.model,
            trust: forecast.trust,
            origin: origin,
            step: step,
            quantile: quantile,
            values: (1...horizon).map { forecast.value(ahead: $0, quantile: quantile) },
            medians: (1...horizon).map { forecast.value(ahead: $0, quantile: 0.5) }
        )
    }

    /// A forecast as far ahead as a policy asks, made when it asks.
    package func forecast(through ahead: TimeSpan) -> DemandForecast {
        engine.forecast(through: Self.steps(in: ahead, of: step))
    }

    /// What a policy asks of the forecast at `now`; nil while nothing is known.
    func answer(_ query: ForecastQuery, now: Timestamp) -> ForecastAnswer? {
        guard let origin else { return nil }
        let age = now - origin
        let steps = Self.steps(
            in: TimeSpan(milliseconds: query.ahead.milliseconds &+ max(0, age.milliseconds)),
            of: step
        )
        let wanted = min(steps, engine.configuration.longHorizon)
        let forecast = cache.forecast(through: wanted) { engine.forecast(through: wanted) }
        guard !forecast.isEmpty else { return nil }
        // One that was made for a longer question is the same up to there.
        let reach = min(steps, forecast.horizon)
        return ForecastAnswer(
            origin: origin,
            step: step,
            values: (1...reach).map { forecast.value(ahead: $0, quantile: query.quantile) }
        )
    }
}
