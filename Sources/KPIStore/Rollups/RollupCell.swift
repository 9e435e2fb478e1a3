/// What was read in one step: everything but the distribution.
struct RollupCell: Equatable {
    /// Readings; the others mean nothing without one.
    var count = 0
    var sum = 0.0
    var low = Double.infinity
    var high = -Double.infinity
    /// Σ over series of the mean of each: see `RollupAggregate.sum`.
    var total = 0.0

    @inline(__always)
    mutating func add(_ reading: Double) {
        count += 1
        sum += reading
        low = min(low, reading)
        high = max(high, reading)
    }

    mutating func merge(_ other: RollupCell) {
        count += other.count
        sum += other.sum
        low = min(low, other.low)
        high = max(high, other.high)
        total += other.total
    }
}
