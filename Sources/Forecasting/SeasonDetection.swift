extension Season {
    /// A rhythm counts from this autocorrelation on.
    private static let threshold = 0.25

    /// Finds daily and weekly rhythms of a series.
    ///
    /// The series is averaged to at most 24 points a day (noise must not hide a season) and freed of its moving level (a trend must
    /// not look like one). Daily: autocorrelation at one day, after a moving day's mean was taken off. Weekly: at seven days, after
    /// a moving week's mean was taken off, and clearly above what one to six days show. O(n).
    static func detect(_ history: [Float], known: [Bool], day: Int) -> Season {
        guard day >= 1, history.count >= 2 * day else { return .none }
        let pack = max(1, (day + 23) / 24)
        let perDay = day / pack
        // Packs are laid from the newest value backwards, a whole number of them a day.
        var points: [Double] = []
        points.reserveCapacity(history.count * max(1, perDay) / day + 1)
        let total = history.count * perDay / day
        for i in 0..<total {
            let from = history.count - (i + 1) * day / perDay
            let to = history.count - i * day / perDay
            guard from >= 0, to > from else { break }
            var sum = 0.0
            var count = 0.0
            for j in from..<to where known[j] {
                sum += Double(history[j])
                count += 1
            }
            points.append(count > 0 ? sum / count : .nan)
        }
        let daily = perDay >= 4 && correlation(points, lag: perDay, level: perDay) > threshold
        var weekly = false
        if points.count >= 14 * perDay {
            let seventh = correlation(points, lag: 7 * perDay, level: 7 * perDay)
            var others = 0.0
            for d in 1...6 { others += correlation(points, lag: d * perDay, level: 7 * perDay) / 6 }
            weekly = seventh > threshold && seventh > others + 0.1
        }
        return Season(daily: daily, weekly: weekly)
    }

    /// Correlation of a series with itself `lag` steps before, after a centred moving mean of `level` steps was taken off.
    private static func correlation(_ points: [Double], lag: Int, level: Int) -> Double {
        let n = points.count
        guard lag >= 1, n > lag + 1 else { return 0 }
        var sums = [0.0]
        var counts = [0.0]
        sums.reserveCapacity(n + 1)
        counts.reserveCapacity(n + 1)
        for x in points {
            sums.append(sums[sums.count - 1] + (x.isNaN ? 0 : x))
            counts.append(counts[counts.count - 1] + (x.isNaN ? 0 : 1))
        }
        var free = points
        for i in 0..<n {
            // At the ends the window is moved inwards, not cut: it always spans whole periods.
            let from = min(max(0, i - level / 2), max(0, n - level))
            let to = min(n, from + level)
            let count = counts[to] - counts[from]
            free[i] = count > 0 ? points[i] - (sums[to] - sums[from]) / count : .nan
        }
        var product = 0.0
        var a = 0.0
        var b = 0.0
        for i in lag..<n where !free[i].isNaN && !free[i - lag].isNaN {
            product += free[i] * free[i - lag]
            a += free[i] * free[i]
            b += free[i - lag] * free[i - lag]
        }
        let size = (a * b).squareRoot()
        // Nothing but rounding is left of a constant.
        let mean = counts[n] > 0 ? sums[n] / counts[n] : 0
        guard size > 1e-12 * mean * mean * Double(n), size > 0 else { return 0 }
        return product / size
    }
}
