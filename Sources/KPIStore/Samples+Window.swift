import Domain

extension Samples {
    /// Summarises the readings on a grid, as `KPIReading.window` describes.
    ///
    /// One pass, in the order of time.
    package func window(on grid: WindowGrid, _ aggregation: Aggregation) -> [Double] {
        var result = [Double](repeating: aggregation == .count ? 0 : .nan, count: grid.count)
        let start = grid.start.milliseconds
        let end = grid.end.milliseconds
        let step = grid.step.milliseconds
        var index = times.lowerBound(of: start)
        while index < times.count, times[index] < end {
            let position = Int((times[index] - start) / step)
            let limit = start + Int64(position + 1) * step
            var part = index + 1
            while part < times.count, times[part] < limit { part += 1 }
            result[position] = aggregation.summary(of: values[index..<part])
            index = part
        }
        return result
    }
}

extension Aggregation {
    /// Of readings in the order of time, at least one.
    fileprivate func summary(of values: ArraySlice<Double>) -> Double {
        if self == .last { return values.last ?? .nan }
        var count = 0.0
        var sum = 0.0
        var low = Double.infinity
        var high = -Double.infinity
        for value in values where !value.isNaN {
            count += 1
            sum += value
            low = Swift.min(low, value)
            high = Swift.max(high, value)
        }
        if self == .count { return count }
        guard count > 0 else { return .nan }
        return switch self {
        case .mean: sum / count
        case .sum: sum
        case .min: low
        case .max: high
        case .count: count
        case .last: values.last ?? .nan
        }
    }
}
