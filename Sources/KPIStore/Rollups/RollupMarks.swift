/// Steps of one fleet's KPI that must be made anew from the samples: a bit each, a word per block.
///
/// So a thousand late samples of one step are one mark, and a day of marks is 24 words.
struct RollupMarks {
    private(set) var blocks: [Int64: UInt64] = [:]

    var isEmpty: Bool { blocks.isEmpty }

    mutating func insert(_ steps: ClosedRange<Int64>) {
        var step = steps.lowerBound
        while step <= steps.upperBound {
            let (number, offset) = RollupBlock.place(of: step)
            let last = min(Int64(RollupBlock.length - 1), Int64(offset) + steps.upperBound - step)
            let width = last - Int64(offset) + 1
            blocks[number, default: 0] |= ((1 &<< UInt64(width)) &- 1) &<< UInt64(offset)
            step += width
        }
    }

    mutating func insert(_ bits: UInt64, in block: Int64) { blocks[block, default: 0] |= bits }

    /// Takes the marks of one block.
    mutating func remove(block: Int64) -> UInt64 { blocks.removeValue(forKey: block) ?? 0 }

    /// Keeps the steps from `step` on.
    mutating func drop(before step: Int64) {
        let (number, offset) = RollupBlock.place(of: step)
        blocks = blocks.filter { $0.key >= number }
        guard let bits = blocks[number] else { return }
        let kept = (bits &>> UInt64(offset)) &<< UInt64(offset)
        blocks[number] = kept == 0 ? nil : kept
    }

    /// The steps of one block that `bits` mean, first and last.
    static func range(of bits: UInt64, in block: Int64) -> ClosedRange<Int64> {
        let first = block * Int64(RollupBlock.length)
        return first + Int64(bits.trailingZeroBitCount)...first + Int64(63 - bits.leadingZeroBitCount)
    }
}
