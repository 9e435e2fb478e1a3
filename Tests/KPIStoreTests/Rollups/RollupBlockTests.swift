import TestSupport
import Testing

@testable import KPIStore

struct RollupBlockTests {
    @Test(arguments: [0, 1, 7, 60])
    func roundTrip(_ used: Int) throws {
        let block = block(used, seed: UInt64(used))
        let bytes = block.encoded()
        let again = try bytes.withUnsafeBytes { try RollupBlock(number: block.number, encoded: $0) }
        for offset in 0..<RollupBlock.length {
            #expect(again.cell(offset) == block.cell(offset))
            #expect(again.sketch(offset) == block.sketch(offset))
        }
    }

    @Test func damagedBytesAreRefused() {
        var random = SeededGenerator(seed: 67)
        let good = block(30, seed: 3).encoded()
        for length in 0..<good.count {
            #expect(throws: Malformed.self) {
                try good[..<length].withUnsafeBytes { try RollupBlock(number: 0, encoded: $0) }
            }
        }
        for _ in 0..<2000 {
            // With a checksum that is right: whoever forges a row can compute it.
            var bad = Array(good.dropLast(4))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            Checksum.seal(&bad)
            if let block = try? bad.withUnsafeBytes({ try RollupBlock(number: 0, encoded: $0) }) {
                #expect(block.cells.count <= RollupBlock.length)
            }
        }
    }

    @Test func replacedSketchesDoNotPileUp() {
        var random = SeededGenerator(seed: 71)
        var block = RollupBlock(number: 0)
        for round in 0..<3000 {
            var sketch = QuantileSketch()
            for value in Shape.latency.values(50, &random) { sketch.insert(value) }
            block.store(&sketch, at: round % 2)
            #expect(block.sketch(round % 2) == sketch)
        }
    }

    @Test func placesBelowZero() {
        #expect(RollupBlock.place(of: 0) == (0, 0))
        #expect(RollupBlock.place(of: 59) == (0, 59))
        #expect(RollupBlock.place(of: -1) == (-1, 59))
        #expect(RollupBlock.place(of: -60) == (-1, 0))
        #expect(RollupBlock.place(of: -61) == (-2, 59))
    }

    private func block(_ used: Int, seed: UInt64) -> RollupBlock {
        var random = SeededGenerator(seed: seed)
        var block = RollupBlock(number: 12)
        for offset in Array(0..<RollupBlock.length).shuffled(using: &random).prefix(used) {
            var sketch = QuantileSketch()
            for value in Shape.gauge.values(Int.random(in: 1...300, using: &random), &random) {
                block.add(value, at: offset)
                sketch.insert(value)
            }
            block.add(total: Double.random(in: 0...100, using: &random), at: offset)
            block.store(&sketch, at: offset)
        }
        return block
    }
}
