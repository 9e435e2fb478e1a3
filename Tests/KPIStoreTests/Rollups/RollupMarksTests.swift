import TestSupport
import Testing

@testable import KPIStore

struct RollupMarksTests {
    @Test func rangesAreBits() {
        var random = SeededGenerator(seed: 73)
        var marks = RollupMarks()
        var model: Set<Int64> = []
        for _ in 0..<300 {
            let first = Int64.random(in: -500...500, using: &random)
            let last = first + Int64.random(in: 0...150, using: &random)
            marks.insert(first...last)
            model.formUnion(first...last)
            #expect(steps(marks) == model)
            if Int.random(in: 0..<20, using: &random) == 0 {
                let limit = Int64.random(in: -500...500, using: &random)
                marks.drop(before: limit)
                model = model.filter { $0 >= limit }
                #expect(steps(marks) == model)
            }
        }
    }

    @Test func aTakenBlockIsGone() {
        var marks = RollupMarks()
        marks.insert(58...61)
        let bits = marks.remove(block: 0)
        #expect(RollupMarks.range(of: bits, in: 0) == 58...59)
        #expect(marks.remove(block: 0) == 0 && !marks.isEmpty)
        #expect(RollupMarks.range(of: marks.remove(block: 1), in: 1) == 60...61)
        #expect(marks.isEmpty)
    }

    private func steps(_ marks: RollupMarks) -> Set<Int64> {
        var steps: Set<Int64> = []
        for (block, bits) in marks.blocks {
            for offset in 0..<64 where bits >> UInt64(offset) & 1 == 1 { steps.insert(block * 60 + Int64(offset)) }
        }
        return steps
    }
}
