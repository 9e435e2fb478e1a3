/// Order statistics over the last values of a stream, kept sorted in buffers that the caller owns.
///
/// `ring` holds the values in order of arrival, `sorted` the same values ascending; both have room for the whole window.
package enum SortedWindow {
    /// Puts `value` in; once `count` fills the window, the oldest value (at `head`) leaves.
    ///
    /// O(window), a short move in memory.
    ///
    /// `value` must not be NaN: it has no place in an order, and is dropped.
    package static func push(
        _ value: Float,
        ring: UnsafeMutableBufferPointer<Float>,
        sorted: UnsafeMutableBufferPointer<Float>,
        count: inout Int32,
        head: inout Int32
    ) {
        let room = Swift.min(ring.count, sorted.count)
        guard room > 0, !value.isNaN else { return }
        var n = Int(count)
        if n == room {
            let at = Int(head)
            let hole = lowerBound(ring[at], sorted, n)
            ring[at] = value
            head = Int32(truncatingIfNeeded: at + 1 == room ? 0 : at + 1)
            var i = hole
            // Shift only what lies between the hole and the new value's place.
            if i + 1 < n, sorted[i + 1] < value {
                while i + 1 < n, sorted[i + 1] < value {
                    sorted[i] = sorted[i + 1]
                    i += 1
                }
            } else {
                while i > 0, sorted[i - 1] > value {
                    sorted[i] = sorted[i - 1]
                    i -= 1
                }
            }
            sorted[i] = value
        } else {
            ring[n] = value
            var i = n
            while i > 0, sorted[i - 1] > value {
                sorted[i] = sorted[i - 1]
                i -= 1
            }
            sorted[i] = value
            n += 1
            count = Int32(truncatingIfNeeded: n)
        }
    }

    /// The split-conformal quantile: rank `level × (n + 1)` of the first `n` of `sorted`, linear between neighbours.
    ///
    /// NaN of none. O(1).
    package static func conformalQuantile(_ sorted: UnsafeBufferPointer<Float>, count n: Int, _ level: Double) -> Double
    {
        guard n > 0, n <= sorted.count else { return .nan }
        let rank = Swift.min(Swift.max(level * Double(n + 1) - 1, 0), Double(n - 1))
        let below = Int(rank)
        let low = Double(sorted[below])
        guard below + 1 < n else { return low }
        return low + (rank - Double(below)) * (Double(sorted[below + 1]) - low)
    }

    private static func lowerBound(_ value: Float, _ sorted: UnsafeMutableBufferPointer<Float>, _ n: Int) -> Int {
        var low = 0
        var high = n
        while low < high {
            let middle = (low + high) >> 1
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return Swift.min(low, n - 1)
    }
}
