/// Order statistics in which NaN means *gap*.
package enum Quantiles {
    /// The quantile `level` (held within 0…1) of what is no gap, linear between neighbours; NaN where all are gaps.
    ///
    /// O(n log n) and one allocation: for windows of a policy's size, not for inner loops.
    package static func quantile(_ values: Span<Double>, _ level: Double) -> Double {
        var known: [Double] = []
        known.reserveCapacity(values.count)
        for i in 0..<values.count where !values[i].isNaN { known.append(values[i]) }
        known.sort()
        return sorted(known.span, level)
    }

    /// The quantile `level` of ascending values without gaps, linear between neighbours; NaN of none.
    ///
    /// The level is held within 0…1. O(1).
    package static func sorted(_ values: Span<Double>, _ level: Double) -> Double {
        guard values.count > 0, !level.isNaN else { return .nan }
        let position = Swift.min(Swift.max(level, 0), 1) * Double(values.count - 1)
        let below = Int(position)
        guard below + 1 < values.count else { return values[values.count - 1] }
        let share = position - Double(below)
        // Equal neighbours are answered as they are: infinities must not become NaN.
        if share == 0 || values[below] == values[below + 1] { return values[below] }
        return values[below] + share * (values[below + 1] - values[below])
    }
}
