/// Whole-array reductions in which NaN means *gap*: gaps are left out, and what has no values is NaN, never 0.
///
/// Concrete types and SIMD bodies: one call per array, O(n), no allocation.
package enum Reduce {
    /// How many values are no gap.
    package static func count(_ values: Span<Double>) -> Int {
        values.withUnsafeBufferPointer { moments($0).count }
    }

    /// Sum of what is no gap; NaN where all are gaps, so that an outage never reads as zero.
    package static func sum(_ values: Span<Double>) -> Double {
        values.withUnsafeBufferPointer {
            let m = moments($0)
            return m.count == 0 ? .nan : m.sum
        }
    }

    /// Mean of what is no gap; NaN where all are gaps.
    package static func mean(_ values: Span<Double>) -> Double {
        values.withUnsafeBufferPointer {
            let m = moments($0)
            return m.count == 0 ? .nan : m.sum / Double(m.count)
        }
    }

    /// Smallest value that is no gap; NaN where all are gaps.
    package static func min(_ values: Span<Double>) -> Double {
        values.withUnsafeBufferPointer { buffer in
            var lanes = SIMD8<Double>(repeating: .infinity)
            let body = buffer.count & ~7
            for i in stride(from: 0, to: body, by: 8) {
                let x = load8(buffer, i)
                lanes.replace(with: x, where: x .< lanes)
            }
            var least = lanes.min()
            for i in body..<buffer.count where buffer[i] < least { least = buffer[i] }
            // Infinity is either a value or means that nothing was there.
            return least == .infinity && !buffer.contains(.infinity) ? .nan : least
        }
    }

    /// Largest value that is no gap; NaN where all are gaps.
    package static func max(_ values: Span<Double>) -> Double {
        values.withUnsafeBufferPointer { buffer in
            var lanes = SIMD8<Double>(repeating: -.infinity)
            let body = buffer.count & ~7
            for i in stride(from: 0, to: body, by: 8) {
                let x = load8(buffer, i)
                lanes.replace(with: x, where: x .> lanes)
            }
            var most = lanes.max()
            for i in body..<buffer.count where buffer[i] > most { most = buffer[i] }
            return most == -.infinity && !buffer.contains(-.infinity) ? .nan : most
        }
    }

    /// Population variance of what is no gap; NaN where all are gaps.
    ///
    /// Two passes, so that large levels lose no digits.
    package static func variance(_ values: Span<Double>) -> Double {
        let centre = mean(values)
        return values.withUnsafeBufferPointer { buffer in
            var total = 0.0
            var known = 0
            for x in buffer where !x.isNaN {
                total += (x - centre) * (x - centre)
                known += 1
            }
            return known == 0 ? .nan : total / Double(known)
        }
    }

    /// Least-squares slope in units per second of `values` taken at `milliseconds`; gaps are left out.
    ///
    /// NaN with fewer than two values, or when all were taken at one instant. The shorter of the two arrays bounds both.
    package static func slopePerSecond(_ values: Span<Double>, at milliseconds: Span<Int64>) -> Double {
        let n = Swift.min(values.count, milliseconds.count)
        guard n > 1 else { return .nan }
        let origin = milliseconds[0]
        var known = 0.0
        var sumT = 0.0
        var sumX = 0.0
        for i in 0..<n where !values[i].isNaN {
            known += 1
            sumT += Double(milliseconds[i] &- origin) * 0.001
            sumX += values[i]
        }
        guard known > 1 else { return .nan }
        let meanT = sumT / known
        let meanX = sumX / known
        var covariance = 0.0
        var variance = 0.0
        for i in 0..<n where !values[i].isNaN {
            let t = Double(milliseconds[i] &- origin) * 0.001 - meanT
            covariance += t * (values[i] - meanX)
            variance += t * t
        }
        return variance > 0 ? covariance / variance : .nan
    }

    private struct Moments {
        var sum: Double
        var count: Int
    }

    private static func moments(_ buffer: UnsafeBufferPointer<Double>) -> Moments {
        var sums0 = SIMD8<Double>.zero
        var sums1 = SIMD8<Double>.zero
        var known0 = SIMD8<Double>.zero
        var known1 = SIMD8<Double>.zero
        let one = SIMD8<Double>(repeating: 1)
        let body = buffer.count & ~15
        for i in stride(from: 0, to: body, by: 16) {
            let x = load8(buffer, i)
            let y = load8(buffer, i + 8)
            let hasX = x .== x
            let hasY = y .== y
            sums0 += SIMD8<Double>.zero.replacing(with: x, where: hasX)
            sums1 += SIMD8<Double>.zero.replacing(with: y, where: hasY)
            known0 += SIMD8<Double>.zero.replacing(with: one, where: hasX)
            known1 += SIMD8<Double>.zero.replacing(with: one, where: hasY)
        }
        var sum = (sums0 + sums1).sum()
        var known = Int((known0 + known1).sum())
        for i in body..<buffer.count where !buffer[i].isNaN {
            sum += buffer[i]
            known += 1
        }
        return Moments(sum: sum, count: known)
    }
}

/// Eight values from `i` on, which the caller has checked to be there.
@inline(__always)
func load8(_ buffer: UnsafeBufferPointer<Double>, _ i: Int) -> SIMD8<Double> {
    UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped + i).loadUnaligned(as: SIMD8<Double>.self)
}
