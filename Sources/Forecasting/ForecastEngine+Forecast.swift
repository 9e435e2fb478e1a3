import Kernels

extension ForecastEngine {
    /// Quantiles of the next `configuration.horizon` steps.
    ///
    /// O(horizon × quantiles).
    package func forecast() -> DemandForecast { forecast(through: configuration.horizon) }

    /// Quantiles of the next `horizon` steps, at most `configuration.longHorizon`, made when asked for.
    ///
    /// Up to `configuration.horizon` the trained models speak; beyond it their last word fades into the seasonal profile, and their
    /// spread into that of the profile's own errors. O(horizon × quantiles).
    package func forecast(through horizon: Int) -> DemandForecast {
        let levels = configuration.quantiles
        let rows = min(max(1, horizon), configuration.longHorizon)
        let near = min(rows, configuration.horizon)
        var values: [Double] = []
        if !history.isEmpty {
            values.reserveCapacity(rows * levels.count)
            for h in 1...near { appendNear(h, to: &values) }
            if rows > near { appendFar(from: near + 1, through: rows, to: &values) }
        }
        return DemandForecast(
            model: modelName,
            trust: trust,
            season: season,
            originMilliseconds: configuration.startMilliseconds &+ Int64(count - 1) &* configuration.stepMilliseconds,
            stepMilliseconds: configuration.stepMilliseconds,
            quantiles: levels,
            values: values
        )
    }

    /// What speaks for the lead time, for people.
    private var modelName: String {
        guard !history.isEmpty else { return "none" }
        let weights = mix(ahead: min(configuration.leadSteps, configuration.horizon))
        var loudest = Model.ridge
        for model in Model.allCases where weights[model.rawValue] > weights[loudest.rawValue] { loudest = model }
        switch loudest {
        case .smoothing: return "exponential smoothing"
        case .seasonalNaive:
            return season == .none ? "last value" : "seasonal naive (\(season.weekly ? "weekly" : "daily"))"
        case .localRidge: return ridge == nil ? "last value" : "ridge (recent values)"
        case .ridge:
            guard let features = ridge?.features else { return "last value" }
            return switch (features.daily, features.weekly) {
            case (_, true): "ridge (recent values, day and week)"
            case (true, false): "ridge (recent values and day)"
            case (false, false): "ridge (recent values)"
            }
        }
    }

    /// One row of the models' own.
    private func appendNear(_ h: Int, to values: inout [Double]) {
        let weights = mix(ahead: h)
        let origin = count - 1
        var floor = 0.0
        for level in configuration.quantiles {
            var x = 0.0
            for m in tracks.indices where weights[m] > 1e-9 {
                guard let expected = tracks[m].expectation(ahead: h, origin: origin) else { continue }
                x += weights[m] * (expected.location + expected.scale * tracks[m].scaled(level, ahead: h))
            }
            floor = max(floor, bounded(x))
            values.append(floor)
        }
    }

    /// Rows beyond what models were trained for.
    private func appendFar(from first: Int, through last: Int, to values: inout [Double]) {
        let levels = configuration.quantiles
        let near = configuration.horizon
        let weights = mix(ahead: near)
        let origin = count - 1
        var location = 0.0
        var offsets = Array(repeating: 0.0, count: levels.count)
        for m in tracks.indices where weights[m] > 1e-9 {
            guard let expected = tracks[m].expectation(ahead: near, origin: origin) else { continue }
            location += weights[m] * expected.location
            for i in levels.indices {
                offsets[i] += weights[m] * expected.scale * tracks[m].scaled(levels[i], ahead: near)
            }
        }
        let profileScale = profileTrack.expectation(ahead: 1, origin: origin)?.scale ?? 0
        let profileOffsets = levels.map { profileScale * profileTrack.scaled($0, ahead: 1) }
        let deviation = location - profileAhead(near)
        // What is unusual now fades within some hours.
        let fading = 8 / Double(max(8, calendar.day))
        for h in first...last {
            let share = Elementary.exp(-fading * Double(h - near))
            let centre = profileAhead(h) + share * deviation
            var floor = 0.0
            for i in levels.indices {
                // Far ahead nothing is surer than near by.
                let offset = share * offsets[i] + (1 - share) * profileOffsets[i]
                let wide = levels[i] >= 0.5 ? max(offset, offsets[i]) : min(offset, offsets[i])
                floor = max(floor, bounded(centre + wide))
                values.append(floor)
            }
        }
    }

    /// The seasonal profile, square-rooted, any number of steps ahead; the recent level where there is no season.
    func profileAhead(_ h: Int) -> Double {
        if season.weekly, state.hasWeek { return state.weeklyAhead(h) }
        if season.daily, state.hasDay { return state.dailyAhead(h) }
        return state.level
    }

    /// Back in units of demand, never negative, never beyond nine times what was ever seen; in the first day three times, for what
    /// models make of a steep hour is mostly their own.
    private func bounded(_ x: Double) -> Double {
        let held = min(max(x, 0), peak * (count < calendar.day ? 3.0.squareRoot() : 3))
        return held * held
    }
}
