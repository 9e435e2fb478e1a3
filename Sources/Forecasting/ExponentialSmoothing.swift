/// Simple exponential smoothing of the level above the daily profile, at whichever of three rates has erred least.
struct ExponentialSmoothing: Sendable, Hashable {
    private static let rates = [0.1, 0.3, 0.7]
    private var levels = [0.0, 0.0, 0.0]
    private var errors = [0.0, 0.0, 0.0]
    private var seasonal = false
    private var seen = 0

    /// Level above the season (or above 0, without one).
    private(set) var level = 0.0

    /// Takes the value that `state` has just taken.
    mutating func update(_ state: SeriesState) {
        // One day after the profile is complete it says something about the day that follows.
        let hasSeason = !state.daily.isEmpty && state.count > 2 * state.day
        let x = state.last - (hasSeason ? state.dailyBefore : 0)
        if seen == 0 || hasSeason != seasonal {
            levels = [x, x, x]
            seasonal = hasSeason
        }
        seen += 1
        var best = 0
        for i in levels.indices {
            errors[i] += 0.01 * ((x - levels[i]).magnitude - errors[i])
            levels[i] += ExponentialSmoothing.rates[i] * (x - levels[i])
            if errors[i] < errors[best] { best = i }
        }
        level = levels[best]
    }

    func forecast(ahead: Int, _ state: SeriesState) -> Double {
        level + (seasonal ? state.dailyAhead(ahead) : 0)
    }
}
