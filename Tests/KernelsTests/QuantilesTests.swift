import Kernels
import TestSupport
import Testing

struct QuantilesTests {
    @Test(arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (1.0, 4.0), (-3.0, 1.0), (7.0, 4.0)])
    func isLinearBetweenNeighbours(_ level: Double, _ expected: Double) {
        let values = [4.0, .nan, 1, 3, .nan, 2]
        let found = Quantiles.quantile(values.span, level)
        #expect(found == expected)
    }

    @Test func aLevelThatIsNoNumberHasNoAnswer() {
        let values = [1.0, 2]
        let found = Quantiles.quantile(values.span, .nan)
        #expect(found.isNaN)
    }

    @Test(arguments: [1, 2, 7, 64])
    func windowStaysSortedAndForgetsTheOldest(_ room: Int) {
        var random = SeededGenerator(seed: UInt64(room))
        var ring = Array(repeating: Float(0), count: room)
        var sorted = ring
        var count: Int32 = 0
        var head: Int32 = 0
        var all: [Float] = []
        for _ in 0..<400 {
            // Few distinct values, so that equal ones meet.
            let value = Float(Int.random(in: -9...9, using: &random))
            all.append(value)
            ring.withUnsafeMutableBufferPointer { ring in
                sorted.withUnsafeMutableBufferPointer {
                    SortedWindow.push(value, ring: ring, sorted: $0, count: &count, head: &head)
                }
            }
            #expect(Array(sorted.prefix(Int(count))) == all.suffix(room).sorted())
        }
        ring.withUnsafeMutableBufferPointer { ring in
            sorted.withUnsafeMutableBufferPointer {
                SortedWindow.push(.nan, ring: ring, sorted: $0, count: &count, head: &head)
            }
        }
        #expect(sorted == all.suffix(room).sorted())
    }

    @Test func conformalRankCountsTheValueToCome() {
        let sorted: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        sorted.withUnsafeBufferPointer {
            // Rank 0.5 × 10 = the fifth; rank 0.95 × 10 lies beyond the ninth and is held there.
            #expect(SortedWindow.conformalQuantile($0, count: 9, 0.5) == 5)
            #expect(SortedWindow.conformalQuantile($0, count: 9, 0.95) == 9)
            #expect(SortedWindow.conformalQuantile($0, count: 9, 0.01) == 1)
            #expect(SortedWindow.conformalQuantile($0, count: 0, 0.5).isNaN)
        }
    }

    @Test(arguments: [1, 5, 8, 9, 40])
    func windowMeanIsHeldWithinTheArray(_ length: Int) {
        let values = (0..<length).map { Float($0) }
        values.withUnsafeBufferPointer {
            #expect(abs(Windows.mean($0, from: -5, through: length + 5) - Double(length - 1) / 2) < 1e-6)
            #expect(Windows.mean($0, from: length - 1, through: length - 1) == Double(length - 1))
            #expect(Windows.mean(UnsafeBufferPointer(rebasing: $0[0..<0]), from: 0, through: 3).isNaN)
        }
    }
}
