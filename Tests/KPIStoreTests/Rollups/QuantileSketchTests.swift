import TestSupport
import Testing

@testable import KPIStore

struct QuantileSketchTests {
    @Test(arguments: Shape.allCases)
    func everyQuantileIsWithinTheBound(_ shape: Shape) {
        var random = SeededGenerator(seed: 51)
        for count in [1, 2, 3, 100, 257, 3000] {
            let values = shape.values(count, &random).filter { !$0.isNaN }
            // Any bits make more bins than a sketch holds: see `theLowestAreJoined`.
            guard shape != .anyBits || count < 1000, !values.isEmpty else { continue }
            var sketch = QuantileSketch()
            for value in values { sketch.insert(value) }
            check(sketch, values)
            var packed: [PackedBin] = []
            sketch.pack(into: &packed)
            var merge = BinMerge(steps: 1)
            merge.add(packed[...], to: 0)
            for q in [0, 0.3, 0.5, 0.99, 1] {
                #expect(merge.quantile(q, step: 0, count: values.count) == sketch.quantile(q))
            }
        }
    }

    @Test func specialValues() {
        for value in [0, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNormalMagnitude, -1, 1, 0.1] {
            var sketch = QuantileSketch()
            sketch.insert(value)
            check(sketch, [value])
        }
        var sketch = QuantileSketch()
        #expect(sketch.quantile(0.5).isNaN && sketch.isEmpty)
        for value in [-2.0, 0, 3, .infinity] { sketch.insert(value) }
        #expect(sketch.quantile(-0.1).isNaN && sketch.quantile(1.1).isNaN && sketch.quantile(.nan).isNaN)
        check(sketch, [-2, 0, 3, .infinity])
    }

    @Test func mergingIsAsIfAllHadBeenOne() throws {
        var random = SeededGenerator(seed: 53)
        let values = Shape.latency.values(2000, &random) + Shape.noise.values(2000, &random)
        var whole = QuantileSketch()
        var merged = QuantileSketch()
        var parts = [QuantileSketch](repeating: QuantileSketch(), count: 7)
        for value in values {
            whole.insert(value)
            parts[Int.random(in: 0..<7, using: &random)].insert(value)
        }
        var walked = BinMerge(steps: 2)
        for (index, part) in parts.enumerated() {
            var part = part
            part.settle()
            var bytes: [UInt8] = []
            part.encode(into: &bytes)
            try bytes.withUnsafeBytes {
                var reader = ByteReader($0)
                try merged.merge(from: &reader)
            }
            // Three are walked through, seven are merged.
            if index < 3 { walked.add(part, to: 0) }
            walked.add(part, to: 1)
        }
        whole.settle()
        #expect(merged == whole)
        var three = parts[0]
        three.merge(parts[1])
        three.merge(parts[2])
        three.settle()
        let count = three.bins.reduce(0) { $0 + Int($1.count) }
        for q in stride(from: 0, through: 1, by: 0.05) {
            #expect(walked.quantile(q, step: 0, count: count) == three.quantile(q))
            #expect(walked.quantile(q, step: 1, count: values.count) == whole.quantile(q))
        }
    }

    @Test func manyOfOneKindAreCounted() {
        var sketch = QuantileSketch()
        for _ in 0..<100_000 { sketch.insert(5) }
        var packed: [PackedBin] = []
        sketch.pack(into: &packed)
        #expect(packed.count > 1 && packed.reduce(0) { $0 + Int($1.count) } == 100_000)
        var again = QuantileSketch()
        again.merge(packed[...])
        sketch.settle()
        #expect(again == sketch)
    }

    @Test func theLowestAreJoined() {
        var random = SeededGenerator(seed: 59)
        var sketch = QuantileSketch()
        var values: [Double] = []
        for _ in 0..<20_000 {
            let value =
                Double(sign: .plus, exponent: Int.random(in: -300...300, using: &random), significand: 1.5)
                * Double.random(in: 1...2, using: &random)
            values.append(value)
            sketch.insert(value)
        }
        sketch.settle()
        values.sort()
        #expect(sketch.bins.count == QuantileSketch.maximumBins)
        let exact = values[Int(0.99 * Double(values.count - 1))]
        #expect(abs(sketch.quantile(0.99) - exact) <= exact * QuantileSketch.relativeError)
    }

    @Test func madeUpBytesAreRefusedOrDecoded() {
        var random = SeededGenerator(seed: 61)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random))
                .map { _ in UInt8.random(in: 0...255, using: &random) }
            bytes.withUnsafeBytes {
                var reader = ByteReader($0)
                var sketch = QuantileSketch()
                try? sketch.merge(from: &reader)
                _ = sketch.quantile(0.5)
            }
        }
    }

    private func check(_ sketch: QuantileSketch, _ values: [Double]) {
        let sorted = values.sorted()
        for q in [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1] {
            let exact = sorted[Int(q * Double(sorted.count - 1))]
            let found = sketch.quantile(q)
            // Below the least normal number nothing is told apart.
            let bound = exact.isInfinite ? 0 : abs(exact) * QuantileSketch.relativeError + .leastNormalMagnitude
            #expect(found == exact || abs(found - exact) <= bound, "q \(q): \(found) for \(exact)")
        }
    }
}
