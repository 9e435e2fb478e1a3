import Kernels

/// Direct multi-horizon ridge regression: one linear model per step ahead, for the change from the last value.
///
/// Each horizon is fitted twice from one Gram matrix: with all columns, and with the local ones only, which learns sooner and
/// forgets a season that broke.
struct RidgeModel: Sendable, Hashable {
    private(set) var features: Features
    private(set) var centre: Double
    private(set) var scale: Double
    /// Coefficients, `horizon` × `features.stride`; a horizon that could not be fitted has zeros, which forecast the last value.
    private(set) var full: [Double]
    private(set) var local: [Double]
    let horizon: Int

    /// Penalty of a standardised coefficient: a share of the rows' weight, plus some rows' worth.
    static let penaltyShare = 0.01
    static let penaltyRows = 3.0
    /// A row's weight halves with so many days of age.
    static let halfLifeDays = 14.0
    /// Rows per horizon: more of them cost time and gain nothing that scores show.
    static let mostRows = 6000

    /// Predicts the change from the last value `ahead` steps on, for a row that `features` filled.
    func change(_ coefficients: [Double], _ row: UnsafeBufferPointer<Double>, ahead: Int) -> Double {
        let stride = features.stride
        return coefficients.withUnsafeBufferPointer { all in
            scale
                * LinearAlgebra.dot(UnsafeBufferPointer(rebasing: all[((ahead - 1) * stride)..<(ahead * stride)]), row)
        }
    }

    /// Fits the models by replaying history.
    ///
    /// O(rows × horizon × columns²), rows ≤ `mostRows`.
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
        self.features = features
        self.horizon = horizon
        let stride = features.stride
        (centre, scale) = RidgeModel.moments(history)
        full = Array(repeating: 0, count: horizon * stride)
        local = full
        let first = features.warmUp(day: calendar.day, horizon: horizon)
        guard n - 1 > first else { return nil }

        let pace = max(1, (n - first) / RidgeModel.mostRows)
        var grams = Array(repeating: 0.0, count: horizon * stride * stride)
        var sides = Array(repeating: 0.0, count: horizon * stride)
        var weights = Array(repeating: 0.0, count: horizon)
        var rows = Array(repeating: 0, count: horizon)
        var row = Array(repeating: 0.0, count: stride)
        let decay = -Elementary.log(2) / (RidgeModel.halfLifeDays * Double(calendar.day))
        history.withUnsafeBufferPointer { history in
            row.withUnsafeMutableBufferPointer { row in
                grams.withUnsafeMutableBufferPointer { grams in
                    sides.withUnsafeMutableBufferPointer { sides in
                        for t in 0..<(n - 1) {
                            replay.advance(Double(history[t]), known: known[t])
                            guard t >= first, known[t], (t - first) % pace == 0 else { continue }
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
                                let side = UnsafeMutableBufferPointer(
                                    rebasing: sides[((h - 1) * stride)..<(h * stride)]
                                )
                                let gram = UnsafeMutableBufferPointer(
                                    rebasing: grams[((h - 1) * stride * stride)..<(h * stride * stride)]
                                )
                                let change = (Double(history[t + h]) - Double(history[t])) / scale
                                LinearAlgebra.accumulate(UnsafeBufferPointer(row), weight: weight, into: gram)
                                LinearAlgebra.add(UnsafeBufferPointer(row), times: weight * change, to: side)
                                weights[h - 1] += weight
                                rows[h - 1] += 1
                            }
                        }
                    }
                }
            }
        }
        for h in 0..<horizon where rows[h] >= 8 {
            let gram = grams[(h * stride * stride)..<((h + 1) * stride * stride)]
            let side = sides[(h * stride)..<((h + 1) * stride)]
            RidgeModel.solve(gram, side, stride, features.count, weights[h], into: &full, at: h * stride)
            RidgeModel.solve(gram, side, stride, features.local, weights[h], into: &local, at: h * stride)
        }
    }

    /// Mean and standard deviation, the latter never below a trace of the level.
    private static func moments(_ history: [Float]) -> (Double, Double) {
        var sum = 0.0
        for x in history { sum += Double(x) }
        let mean = sum / Double(max(1, history.count))
        var squares = 0.0
        for x in history { squares += (Double(x) - mean) * (Double(x) - mean) }
        let deviation = (squares / Double(max(1, history.count))).squareRoot()
        return (mean, max(deviation, 1e-6 * mean.magnitude, 1e-12))
    }

    /// Solves the leading `size` columns; leaves zeros where the matrix has no factor.
    private static func solve(
        _ gram: ArraySlice<Double>,
        _ side: ArraySlice<Double>,
        _ stride: Int,
        _ size: Int,
        _ weight: Double,
        into target: inout [Double],
        at offset: Int
    ) {
        var matrix = Array(repeating: 0.0, count: size * size)
        for i in 0..<size {
            for j in 0...i { matrix[i * size + j] = gram[gram.startIndex + i * stride + j] }
        }
        let floor = 1e-9 * weight
        matrix[0] += floor
        for i in 1..<size {
            let mean = matrix[i * size] / weight
            let variance = max(matrix[i * size + i] / weight - mean * mean, 1e-9)
            matrix[i * size + i] += (penaltyShare * weight + penaltyRows) * variance + floor
        }
        var solution = Array(side.prefix(size))
        let solved = matrix.withUnsafeMutableBufferPointer { matrix in
            guard LinearAlgebra.cholesky(matrix, size: size) else { return false }
            solution.withUnsafeMutableBufferPointer {
                LinearAlgebra.solve(factor: UnsafeBufferPointer(matrix), size: size, into: $0)
            }
            return true
        }
        guard solved, solution.allSatisfy(\.isFinite) else { return }
        for i in 0..<size { target[offset + i] = solution[i] }
    }
}
