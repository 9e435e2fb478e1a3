import Kernels

/// The columns of the ridge regression: which there are, and how one row is filled.
///
/// Order matters: the local columns come first, so that the Gram matrix of a model without seasons is the leading block of the whole.
struct Features: Hashable, Sendable {
    let averages: Int
    let daily: Bool
    let weekly: Bool

    static let lags = 3
    /// Intercept, level, lags, moving averages.
    var local: Int { 2 + Features.lags + averages }
    var count: Int { local + (daily ? 11 : 0) + (weekly ? 4 : 0) }
    /// Room for a row, a whole number of vectors.
    var stride: Int { (count + 7) & ~7 }

    /// Steps of history before the first row that can be filled, for forecasts of up to `horizon` steps.
    func warmUp(day: Int, horizon: Int) -> Int {
        max(
            Features.lags,
            daily ? Features.back(horizon, day) : 0,
            weekly ? Features.back(horizon, 7 * day) : 0
        )
    }

    /// Whole periods to go back from `ahead` steps on until it lies in what is known.
    private static func back(_ ahead: Int, _ period: Int) -> Int { (ahead + period - 1) / period * period }

    /// Fills `row` for a forecast `ahead` steps from the last value of `history`.
    ///
    /// - Parameters:
    ///   - row: `stride` long.
    ///   - ahead: steps from the last value on, ≥ 1.
    ///   - history: transformed values up to now, more than `warmUp` of them.
    ///   - state: the state after the last of them.
    ///   - position: grid position of the last value.
    ///   - calendar: what time that is.
    ///   - centre: subtracted from the level, so that a large level costs no digits.
    ///   - scale: unit of the row, > 0.
    func fill(
        _ row: UnsafeMutableBufferPointer<Double>,
        ahead: Int,
        history: UnsafeBufferPointer<Float>,
        state: SeriesState,
        position: Int,
        calendar: GridCalendar,
        centre: Double,
        scale: Double
    ) {
        let now = history.count - 1
        let base = state.last
        let unit = 1 / scale
        row[0] = 1
        row[1] = (base - centre) * unit
        var k = 2
        for lag in 1...Features.lags {
            row[k] = (Double(history[max(0, now - lag)]) - base) * unit
            k += 1
        }
        for i in 0..<averages {
            row[k] = (state.averages[i] - base) * unit
            k += 1
        }
        let day = calendar.day
        // Neighbourhoods of a quarter of an hour, and of four of them, at this time yesterday and a week ago.
        let near = min(max(1, day / 96), 15)
        if daily {
            let back = Features.back(ahead, day)
            let then = now + ahead - back
            let profile = state.dailyAhead(ahead)
            row[k] = (profile - state.dailyBefore) * unit
            row[k + 1] = (profile - base) * unit
            row[k + 2] = (Double(history[max(0, then)]) - Double(history[max(0, now - back)])) * unit
            let around = Windows.mean(history, from: then - near, through: then + near)
            let before = Windows.mean(history, from: now - back - near, through: now - back + near)
            row[k + 3] = (around - before) * unit
            row[k + 4] = (Windows.mean(history, from: then - 4 * near, through: then + 4 * near) - base) * unit
            let angle = 2 * Double.pi * calendar.timeOfDay(position + ahead)
            let c = Elementary.cos(angle)
            let s = Elementary.sin(angle)
            let c2 = c * c - s * s
            let s2 = 2 * c * s
            row[k + 5] = c
            row[k + 6] = s
            row[k + 7] = c2
            row[k + 8] = s2
            row[k + 9] = c * c2 - s * s2
            row[k + 10] = s * c2 + c * s2
            k += 11
        }
        if weekly {
            let back = Features.back(ahead, 7 * day)
            let then = now + ahead - back
            let profile = state.weeklyAhead(ahead)
            row[k] = (profile - state.weeklyBefore) * unit
            row[k + 1] = (profile - base) * unit
            let around = Windows.mean(history, from: then - near, through: then + near)
            let before = Windows.mean(history, from: now - back - near, through: now - back + near)
            row[k + 2] = (around - before) * unit
            row[k + 3] = calendar.isWeekend(position + ahead) ? 1 : 0
            k += 4
        }
        while k < row.count {
            row[k] = 0
            k += 1
        }
    }
}
