/// The grid that a demand series lies on, and what is asked of its forecasts.
///
/// All times are milliseconds since 1970, UTC. The engine sees no clock: the time of a value is `startMilliseconds` plus its
/// position times `stepMilliseconds`.
package struct ForecastConfiguration: Hashable, Sendable, Codable {
    /// Distance between two values, > 0.
    package let stepMilliseconds: Int64
    /// When the first value was taken, UTC.
    package let startMilliseconds: Int64
    /// Local wall clock minus UTC, so that daily and weekly seasons start at local midnight.
    package let utcOffsetMilliseconds: Int64
    /// Steps from asking for a resource to having it, ≥ 1.
    package let leadSteps: Int
    /// Steps ahead that are needed at every step, made by trained models and kept cheap: by default the lead and two more.
    package let horizon: Int
    /// Steps ahead that policies may ask for: by default a day, and at least `horizon`.
    ///
    /// Made when asked for.
    package let longHorizon: Int
    /// Levels of each forecast, ascending, inside 0…1.
    ///
    /// The quantile that the fleet's costs ask for should be one of them.
    package let quantiles: [Double]
    /// Steps of history that are kept and trained on.
    package let historyLimit: Int
    /// Steps between two trainings: by default a day.
    package let trainingInterval: Int

    /// Levels that serve sizing, charts and coverage.
    package static let defaultQuantiles = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99]

    /// A configuration in which every value lies within its bounds, whatever is passed: a step below 1 ms reads as 1 ms,
    /// levels are sorted, levels outside 0…1 dropped.
    package init(
        stepMilliseconds: Int64,
        startMilliseconds: Int64 = 0,
        utcOffsetMilliseconds: Int64 = 0,
        leadSteps: Int = 1,
        horizon: Int? = nil,
        longHorizon: Int? = nil,
        quantiles: [Double] = ForecastConfiguration.defaultQuantiles,
        historyLimit: Int? = nil,
        trainingInterval: Int? = nil
    ) {
        let step = max(1, stepMilliseconds)
        let perDay = ForecastConfiguration.stepsPerDay(step)
        let lead = min(max(1, leadSteps), ForecastConfiguration.largestHorizon - 2)
        let near = min(max(1, horizon ?? lead + 2), ForecastConfiguration.largestHorizon)
        let levels = Set(quantiles.filter { $0 > 0 && $0 < 1 }).sorted()
        self.stepMilliseconds = step
        self.startMilliseconds = startMilliseconds
        self.utcOffsetMilliseconds = utcOffsetMilliseconds
        self.leadSteps = lead
        self.horizon = near
        self.longHorizon = min(max(near, longHorizon ?? perDay), ForecastConfiguration.largestLongHorizon)
        self.quantiles = levels.isEmpty ? ForecastConfiguration.defaultQuantiles : levels
        let eightWeeks = perDay > ForecastConfiguration.mostHistory ? ForecastConfiguration.mostHistory : 56 * perDay
        self.historyLimit = max(
            64,
            historyLimit ?? min(max(ForecastConfiguration.leastHistory, eightWeeks), ForecastConfiguration.mostHistory)
        )
        self.trainingInterval = max(1, trainingInterval ?? perDay)
    }

    /// Reads through the initialiser, so that a damaged record cannot hold what it would refuse.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            stepMilliseconds: try values.decode(Int64.self, forKey: .stepMilliseconds),
            startMilliseconds: try values.decode(Int64.self, forKey: .startMilliseconds),
            utcOffsetMilliseconds: try values.decode(Int64.self, forKey: .utcOffsetMilliseconds),
            leadSteps: try values.decode(Int.self, forKey: .leadSteps),
            horizon: try values.decode(Int.self, forKey: .horizon),
            longHorizon: try values.decode(Int.self, forKey: .longHorizon),
            quantiles: try values.decode([Double].self, forKey: .quantiles),
            historyLimit: try values.decode(Int.self, forKey: .historyLimit),
            trainingInterval: try values.decode(Int.self, forKey: .trainingInterval)
        )
    }

    /// Steps of a day, rounded, at least 1.
    package var stepsPerDay: Int { ForecastConfiguration.stepsPerDay(stepMilliseconds) }

    private static func stepsPerDay(_ step: Int64) -> Int {
        // A step of more than two days would round to none.
        step >= dayMilliseconds ? 1 : max(1, Int(clamping: (dayMilliseconds + step / 2) / step))
    }

    /// Beyond this many steps a direct model per step no longer pays.
    static let largestHorizon = 96
    static let largestLongHorizon = 100_000
    static let leastHistory = 8192
    static let mostHistory = 30_000
    static let dayMilliseconds: Int64 = 86_400_000
}
