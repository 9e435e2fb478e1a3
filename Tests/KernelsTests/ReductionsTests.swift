import Kernels
import Testing

struct ReductionsTests {
    /// Every length around the vector widths, and one long one.
    static let lengths = Array(0...67) + [1000]

    @Test(arguments: lengths)
    func agreesWithThePlainDefinition(_ length: Int) {
        let values = gappy(length, seed: UInt64(length))
        let known = values.filter { !$0.isNaN }
        #expect(count(values) == known.count)
        if known.isEmpty {
            #expect(sum(values).isNaN)
            #expect(mean(values).isNaN)
            #expect(least(values).isNaN)
            #expect(most(values).isNaN)
            #expect(variance(values).isNaN)
            #expect(quantile(values, 0.5).isNaN)
        } else {
            let total = known.reduce(0, +)
            let centre = total / Double(known.count)
            #expect(abs(sum(values) - total) < 1e-9)
            #expect(abs(mean(values) - centre) < 1e-10)
            #expect(least(values) == known.min())
            #expect(most(values) == known.max())
            let spread = known.map { ($0 - centre) * ($0 - centre) }.reduce(0, +) / Double(known.count)
            #expect(abs(variance(values) - spread) < 1e-7)
        }
    }

    @Test(arguments: [1, 7, 8, 9, 33])
    func nothingButGapsIsNotZero(_ length: Int) {
        let gaps = Array(repeating: Double.nan, count: length)
        #expect(count(gaps) == 0)
        #expect(sum(gaps).isNaN)
        #expect(mean(gaps).isNaN)
        #expect(least(gaps).isNaN)
        #expect(most(gaps).isNaN)
    }

    @Test func infinitiesAreValues() {
        let values = [Double.nan, .infinity, .infinity]
        #expect(least(values) == .infinity)
        #expect(most([-Double.infinity, .nan]) == -.infinity)
        #expect(quantile(values, 0.5) == .infinity)
    }

    @Test func slopeIsPerSecondAndSkipsGaps() {
        let times: [Int64] = [1_700_000_000_000, 1_700_000_010_000, 1_700_000_020_000, 1_700_000_030_000]
        #expect(abs(slope([5, .nan, 9, 11], times) - 0.2) < 1e-12)
        #expect(slope([5, .nan], times).isNaN)
        #expect(slope([5, 7], [3, 3]).isNaN)
        #expect(slope([], times).isNaN)
    }
}

// The reductions over arrays: a span cannot enter the expectation macro.
private func count(_ x: [Double]) -> Int { Reduce.count(x.span) }
private func sum(_ x: [Double]) -> Double { Reduce.sum(x.span) }
private func mean(_ x: [Double]) -> Double { Reduce.mean(x.span) }
private func least(_ x: [Double]) -> Double { Reduce.min(x.span) }
private func most(_ x: [Double]) -> Double { Reduce.max(x.span) }
private func variance(_ x: [Double]) -> Double { Reduce.variance(x.span) }
private func quantile(_ x: [Double], _ level: Double) -> Double { Quantiles.quantile(x.span, level) }
private func slope(_ x: [Double], _ t: [Int64]) -> Double { Reduce.slopePerSecond(x.span, at: t.span) }
