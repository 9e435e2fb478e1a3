import Kernels

/// Direct multi-horizon ridge regression: one linear model per step ahead, for the change from the last value.
///
/// Each horizon is fitted twice from the same normal equations: with all columns, and with the local ones only, which learns sooner
/// and forgets a season that broke.
struct RidgeModel: Sendable, Hashable {
    let horizon: Int
    let features: Features
    /// Mean and deviation of the history that it was fitted on: rows are in these units.
    let centre: Double
    let scale: Double
    /// Coefficients, `horizon` × `features.stride`; a horizon that could not be fitted has zeros, which forecast the last value.
    let full: [Double]
    let local: [Double]

    /// A row's weight halves with so many days of age.
    private static let halfLifeDays = 14.0
    /// Rows per horizon: more of them cost time and gain nothing that scores show.
    private static let mostRows = 6000

    /// The change from the last value `ahead` steps on, for a row that `features` filled.
    func change(_ coefficients: [Double], _ row: UnsafeBufferPointer<Double>, ahead: Int) -> Double {
        let stride = features.stride
        return coefficients.withUnsafeBufferPointer { all in
            scale
                * LinearAlgebra.dot(UnsafeBufferPointer(rebasing: all[((ahead - 1) * stride)..<(ahead * stride)]), row)
        }
    }

    /// Fits the models by replaying history; nil where there is too little of it.
    ///
    /// O(rows × horizon × columns²), rows ≤ 2 × `mostRows`.
    /// - Parameters:
    ///   - history: transformed values, gaps filled in.
    ///   - known: which of them are no gaps; only those are learned from.
    ///   - firstPosition: grid position of the first of them.
    ///   - horizon: steps ahead to fit, ≥ 1.
    ///   - limit: steps of history that are kept at most.
    ///   - calendar: the grid's times.
    init?(
        history: [Float],
        known: [Bool],
        firstPosition: Int,
        horizon: Int,
        limit: Int,
        calendar: GridCalendar
    ) {
        let n = history.count
        var replay = SeriesState(day: calendar.day, limit: limit)
        let features = Features(
            averages: replay.averages.count,
            daily: !replay.daily.isEmpty && n * 2 >= calendar.day * 5,
            weekly: !replay.weekly.isEmpty && n >= calendar.day * 9
        )
        let first = features.warmUp(day: calendar.day, horizon: horizon)
        guard n - 1 > first else { return nil }
        let (centre, scale) = RidgeModel.moments(history)
        var equations = NormalEquations(horizon: horizon, stride: features.stride)
        let pace = max(1, (n - first) / RidgeModel.mostRows)
        let decay = -Elementary.log(2) / (RidgeModel.halfLifeDays * Double(calendar.day))
        history.withUnsafeBufferPointer { history in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: features.stride) { row in
                for t in 0..<(n - 1) {
                    replay.advance(Double(history[t]), known: known[t])
                    guard t >= first, known[t], (t - first) % pace == 0 else { continue }
                    // Features get no more than what was known then; only the target lies ahead of it.
                    let seen = UnsafeBufferPointer(rebasing: history[0...t])
                    let weight = Elementary.exp(decay * Double(n - t))
                    for h in 1...horizon where t + h < n && known[t + h] {
                        features.fill(
                            row,
                            ahead: h,
                            history: seen,
                            state: replay,
                            position: firstPosition + t,
                            calendar: calendar,
                            centre: centre,
                            scale: scale
                        )
                        let change = (Double(history[t + h]) - Double(history[t])) / scale
                        equations.add(UnsafeBufferPointer(row), target: change, weight: weight, ahead: h)
                    }
                }
            }
        }
        self.horizon = horizon
        self.features = features
        self.centre = centre
        self.scale = scale
        full = equations.coefficients(columns: features.count)
        local = equations.coefficients(columns: features.local)
    }

    /// Mean and standard deviation, the latter never below a trace of the level.
    private static func moments(_ history: [Float]) -> (mean: Double, deviation: Double) {
        var sum = 0.0
        for x in history { sum += Double(x) }
        let mean = sum / Double(max(1, history.count))
        var squares = 0.0
        for x in history { squares += (Double(x) - mean) * (Double(x) - mean) }
        let deviation = (squares / Double(max(1, history.count))).squareRoot()
        return (mean, max(deviation, 1e-6 * mean.magnitude, 1e-12))
    }
}
