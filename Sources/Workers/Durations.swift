/// How long the runs of a script took, in buckets of a quarter of an octave: cheap to add to, and good for quantiles.
package struct Durations: Sendable {
    private var counts: [UInt32] = []
    private var total = 0

    /// 1 µs and less are the first bucket, 18 minutes and more the last.
    private static let buckets = 120
    private static let smallest = 10

    package init() {}

    package mutating func add(nanoseconds: Int64) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.buckets) }
        counts[Self.bucket(nanoseconds)] &+= 1
        total += 1
    }

    /// The upper end of the bucket in which the quantile lies; 0 where nothing was added.
    package func microseconds(quantile: Double) -> Double {
        let rank = Int((Double(total) * quantile).rounded(.up))
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= rank && seen > 0 { return Self.upperEnd(index) / 1000 }
        }
        return 0
    }

    private static func bucket(_ nanoseconds: Int64) -> Int {
        guard nanoseconds > 1 << smallest else { return 0 }
        let octave = 63 - nanoseconds.leadingZeroBitCount
        let quarter = Int((nanoseconds >> (octave - 2)) & 3)
        return min((octave - smallest) * 4 + quarter, buckets - 1)
    }

    private static func upperEnd(_ bucket: Int) -> Double {
        let octave = Double(UInt64(1) << UInt64(bucket / 4 + smallest))
        return octave * (1 + Double(bucket % 4 + 1) / 4)
    }
}
