/// A quantile of a histogram of buckets, by the rules of Prometheus' `histogram_quantile`.
enum HistogramQuantile {
    struct Bucket: Equatable {
        var upperBound: Double
        /// Observations up to the bound: cumulative.
        var count: Double
    }

    /// Nil where there is no answer: no observations, or no bucket without an upper bound.
    ///
    /// Linear within the bucket that the quantile falls into; a bucket below the first bound begins at 0 where the bound is positive; what
    /// lies above the last bound is the last bound.
    static func value(_ quantile: Double, of buckets: [Bucket]) -> Double? {
        guard (0...1).contains(quantile) else { return nil }
        var sorted: [Bucket] = []
        for bucket in buckets.sorted(by: { $0.upperBound < $1.upperBound }) where !bucket.upperBound.isNaN {
            if let last = sorted.last, last.upperBound == bucket.upperBound {
                sorted[sorted.count - 1].count += bucket.count
            } else {
                sorted.append(bucket)
            }
        }
        guard let last = sorted.last, last.upperBound == .infinity, sorted.count >= 2 else { return nil }
        // Counters are not read all at one instant, so a bucket may show less than the one below it.
        for index in sorted.indices.dropFirst() {
            sorted[index].count = max(sorted[index].count, sorted[index - 1].count)
        }
        let observations = sorted[sorted.count - 1].count
        guard observations > 0, observations.isFinite else { return nil }
        let rank = quantile * observations
        let index = sorted.dropLast().firstIndex { $0.count >= rank } ?? sorted.count - 1
        if index == sorted.count - 1 { return sorted[index - 1].upperBound }
        let bucket = sorted[index]
        guard index > 0 else {
            guard bucket.upperBound > 0 else { return bucket.upperBound }
            // A rank of 0 in an empty bucket.
            return bucket.count > 0 ? bucket.upperBound * rank / bucket.count : 0
        }
        let below = sorted[index - 1]
        let inside = bucket.count - below.count
        guard inside > 0 else { return below.upperBound }
        return below.upperBound + (bucket.upperBound - below.upperBound) * (rank - below.count) / inside
    }
}
