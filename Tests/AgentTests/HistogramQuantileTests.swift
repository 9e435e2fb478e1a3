import Testing

@testable import Agent

/// Expected values by the rules in Prometheus' documentation of `histogram_quantile`.
struct HistogramQuantileTests {
    private func buckets(_ pairs: [(Double, Double)]) -> [HistogramQuantile.Bucket] {
        pairs.map { HistogramQuantile.Bucket(upperBound: $0.0, count: $0.1) }
    }

    @Test(arguments: [
        (0.5, 0.2), (0.0, 0.0), (0.25, 0.1), (0.75, 0.5), (0.9, 1.0), (0.95, 1.0), (1.0, 1.0), (0.1, 0.04),
    ])
    func interpolatesWithinABucket(quantile: Double, expected: Double) {
        // 10 up to 0.1, 20 up to 0.2, 30 up to 0.5, 36 up to 1, 40 in all.
        let histogram = buckets([(0.1, 10), (0.2, 20), (0.5, 30), (1, 36), (.infinity, 40)])
        let value = HistogramQuantile.value(quantile, of: histogram)
        #expect(value.map { abs($0 - expected) < 1e-12 } ?? false)
    }

    @Test func orderAndEqualBoundsDoNotMatter() {
        let histogram = buckets([(.infinity, 2), (1, 1), (1, 1), (.infinity, 2), (0.5, 1), (0.5, 1)])
        #expect(HistogramQuantile.value(0.5, of: histogram) == 0.5)
    }

    @Test func aFirstBoundOfZeroOrLessIsItself() {
        #expect(HistogramQuantile.value(0.1, of: buckets([(-1, 5), (1, 10), (.infinity, 10)])) == -1)
    }

    @Test func bucketsThatFallAreRaised() {
        #expect(HistogramQuantile.value(0.5, of: buckets([(1, 10), (2, 8), (.infinity, 10)])) == 0.5)
    }

    @Test func noAnswerWhereThereIsNone() {
        #expect(HistogramQuantile.value(0.5, of: []) == nil)
        #expect(HistogramQuantile.value(0.5, of: buckets([(1, 10), (2, 20)])) == nil)
        #expect(HistogramQuantile.value(0.5, of: buckets([(.infinity, 20)])) == nil)
        #expect(HistogramQuantile.value(0.5, of: buckets([(1, 0), (.infinity, 0)])) == nil)
        #expect(HistogramQuantile.value(1.5, of: buckets([(1, 1), (.infinity, 1)])) == nil)
        #expect(HistogramQuantile.value(.nan, of: buckets([(1, 1), (.infinity, 1)])) == nil)
        #expect(HistogramQuantile.value(0.5, of: buckets([(1, .nan), (.infinity, .nan)])) == nil)
    }
}
