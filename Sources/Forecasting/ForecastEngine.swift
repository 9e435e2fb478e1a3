import Kernels

/// Forecasts one demand series, value by value: pure, deterministic, a plain value.
///
/// ```swift
/// var engine = ForecastEngine(configuration: .init(stepMilliseconds: 60_000, leadSteps: 10))
/// engine.append(contentsOf: history)          // NaN = gap
/// let need = engine.forecast().value(ahead: 10, quantile: 0.95)
/// ```
/// Inside, demand is square-rooted: counts then vary about equally at all levels, and zero needs no special case. Four models
/// forecast each step ahead (exponential smoothing, seasonal naive, ridge on recent values, ridge on recent values and seasons);
/// each learns the quantiles of its own errors (`ResidualTrack`), and what is given out mixes them by their recent losses, nearly
/// always the one that lost least. Short history needs no special path: what has not been learned yet forecasts the last value.
package struct ForecastEngine: Sendable, Hashable {
    package let configuration: ForecastConfiguration
    /// Values taken so far, gaps included.
    package private(set) var count = 0
    /// Rhythms found at the last training.
    package internal(set) var season = Season.none

    let calendar: GridCalendar
    /// Square-rooted values from the first known one on, the oldest dropped beyond the limit; gaps hold a stand-in.
    private(set) var history: [Float] = []
    private(set) var known: [Bool] = []
    var state: SeriesState
    private var smoothing = ExponentialSmoothing()
    var ridge: RidgeModel?
    var tracks: [ResidualTrack]
    /// Errors of the bare profile, which forecasts far ahead fall back on.
    var profileTrack: ResidualTrack
    private var meter = TrustMeter()
    /// What was given out for the lead time and has not come true yet: (lead + 1) × (middle, upper, naive middle, naive upper).
    private var given: [Double]
    /// Largest square-rooted value kept in mind, a bound for what models may extrapolate to.
    private(set) var peak = 0.0
    private var countAtTraining = 0

    package init(configuration: ForecastConfiguration) {
        self.configuration = configuration
        let calendar = GridCalendar(configuration)
        self.calendar = calendar
        state = SeriesState(day: calendar.day, limit: configuration.historyLimit)
        tracks = Model.allCases.map {
            ResidualTrack(horizon: configuration.horizon, window: $0.window, day: calendar.day)
        }
        profileTrack = ResidualTrack(horizon: 1, window: 512, day: calendar.day)
        given = Array(repeating: -1, count: (min(configuration.leadSteps, configuration.horizon) + 1) * 4)
    }

    /// How far forecasts may be relied on now, 0…1.
    package var trust: Double { meter.trust }

    // MARK: Values in

    /// Takes the next value of the grid (NaN or infinite = gap, negative reads as 0) and trains where that is due.
    package mutating func append(_ value: Double) {
        update(value)
        if needsTraining { train() }
    }

    /// Takes values in order: the same as appending them one by one.
    package mutating func append(contentsOf values: some Sequence<Double>) {
        for value in values { append(value) }
    }

    /// Takes the next value without ever training: forecasts go on from the models there are.
    ///
    /// O(horizon × columns).
    package mutating func update(_ value: Double) {
        let isKnown = value.isFinite
        let position = count
        count += 1
        // Leading gaps say nothing, not even where the level lies.
        guard isKnown || !history.isEmpty else { return }
        let x = isKnown ? min(max(value, 0), ForecastEngine.largest).squareRoot() : state.standIn
        history.append(Float(x))
        known.append(isKnown)
        if history.count > configuration.historyLimit + configuration.historyLimit / 8 {
            let excess = history.count - configuration.historyLimit
            history.removeFirst(excess)
            known.removeFirst(excess)
        }
        if isKnown { settle(x, position) }
        state.advance(x, known: isKnown)
        if isKnown {
            peak = max(peak, x)
            smoothing.update(state)
        }
        predict(position)
    }

    // MARK: Training

    /// Whether enough values have come since the last training.
    ///
    /// Depends on counts alone.
    package var needsTraining: Bool {
        let total = history.count
        guard total >= 12 else { return false }
        let due =
            total < calendar.day
            ? max(8, total / 2) : max(configuration.trainingInterval, total / 64)
        return count - countAtTraining >= due
    }

    /// Fits the models anew on the kept history and looks for seasons.
    ///
    /// O(history + rows × horizon × columns²).
    package mutating func train() {
        countAtTraining = count
        guard !history.isEmpty else { return }
        season = Season.detect(history, known: known, day: calendar.day)
        peak = Double(history.max() ?? 0)
        ridge =
            RidgeModel(
                history: history,
                known: known,
                firstPosition: count - history.count,
                horizon: configuration.horizon,
                limit: configuration.historyLimit,
                calendar: calendar
            ) ?? ridge
        // What waits for the steps to come was said by the models before.
        predict(count - 1)
    }

    // MARK: One step

    /// Demand above this is read as this: its square is still finite.
    private static let largest = 1e60

    /// Notes what each model expects of the steps after `position`, and what is given out for the lead time.
    private mutating func predict(_ position: Int) {
        let horizon = configuration.horizon
        let models = Model.allCases.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: models * horizon) { locations in
            locate(locations, position)
            for m in 0..<models {
                for h in 1...horizon {
                    let location = min(max(locations[m * horizon + h - 1], 0), 1.5 * peak)
                    tracks[m].expect(location, ahead: h, origin: position, state: state)
                }
            }
        }
        profileTrack.expect(min(max(profileAhead(1), 0), 1.5 * peak), ahead: 1, origin: position, state: state)
        let lead = min(configuration.leadSteps, horizon)
        let weights = mix(ahead: lead)
        var middle = 0.0
        var upper = 0.0
        for m in 0..<models {
            let expected = tracks[m].expectedQuantiles(ahead: lead, origin: position)
            middle += weights[m] * expected.middle
            upper += weights[m] * expected.upper
        }
        let naive = tracks[Model.seasonalNaive.rawValue].expectedQuantiles(ahead: lead, origin: position)
        let slot = position % (lead + 1) * 4
        given[slot] = max(0, middle)
        given[slot + 1] = max(0, upper)
        given[slot + 2] = max(0, naive.middle)
        given[slot + 3] = max(0, naive.upper)
    }

    /// Learns from a value that has come.
    private mutating func settle(_ x: Double, _ position: Int) {
        let level = state.level
        for m in tracks.indices {
            for h in 1...configuration.horizon { tracks[m].settle(x, ahead: h, position: position, level: level) }
        }
        profileTrack.settle(x, ahead: 1, position: position, level: level)
        let lead = min(configuration.leadSteps, configuration.horizon)
        let origin = position - lead
        guard origin >= 0 else { return }
        let slot = origin % (lead + 1) * 4
        guard given[slot] >= 0 else { return }
        meter.update(
            x,
            forecast: (given[slot], given[slot + 1]),
            naive: (given[slot + 2], given[slot + 3])
        )
    }

    /// Locations of all models, model × horizon.
    private func locate(_ locations: UnsafeMutableBufferPointer<Double>, _ position: Int) {
        let horizon = configuration.horizon
        let last = state.last
        for h in 1...horizon {
            locations[Model.smoothing.rawValue * horizon + h - 1] = smoothing.forecast(ahead: h, state)
            locations[Model.seasonalNaive.rawValue * horizon + h - 1] = seasonalNaive(h)
            locations[Model.localRidge.rawValue * horizon + h - 1] = last
            locations[Model.ridge.rawValue * horizon + h - 1] = last
        }
        guard let ridge else { return }
        history.withUnsafeBufferPointer { history in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: ridge.features.stride) { row in
                for h in 1...horizon {
                    ridge.features.fill(
                        row,
                        ahead: h,
                        history: history,
                        state: state,
                        position: position,
                        calendar: calendar,
                        centre: ridge.centre,
                        scale: ridge.scale
                    )
                    let filled = UnsafeBufferPointer(row)
                    locations[Model.localRidge.rawValue * horizon + h - 1] += ridge.change(
                        ridge.local,
                        filled,
                        ahead: h
                    )
                    locations[Model.ridge.rawValue * horizon + h - 1] += ridge.change(ridge.full, filled, ahead: h)
                }
            }
        }
    }

    /// The value one season ago, the last value where there is no season.
    private func seasonalNaive(_ ahead: Int) -> Double {
        let period = season.weekly ? calendar.week : season.daily ? calendar.day : 0
        guard period > 0, history.count >= period else { return state.last }
        return Double(history[history.count - period + (ahead - 1) % period])
    }
}
