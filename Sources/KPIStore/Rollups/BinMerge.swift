/// Sketches of several tracks and steps, and of each step of a grid the quantile of all that belong to it.
///
/// A few are walked through side by side from the nearer end, which for a p99 is a few bins; more are merged. Bins stay where they
/// are: a window of an hour costs a few allocations and not hundreds.
struct BinMerge {
    private struct Part {
        var bins: ArraySlice<PackedBin>
        /// The next part of the same step, −1: none.
        var next: Int
    }

    /// What is left of a part.
    private struct Cursor {
        var part: Int
        var start: Int
        var end: Int
    }

    private var parts: [Part] = []
    /// First part of each step of the grid, −1: none.
    private var heads: [Int]

    private static let fewParts = 4

    init(steps: Int) {
        heads = [Int](repeating: -1, count: steps)
    }

    mutating func add(_ bins: ArraySlice<PackedBin>, to step: Int) {
        guard !bins.isEmpty else { return }
        parts.append(Part(bins: bins, next: heads[step]))
        heads[step] = parts.count - 1
    }

    mutating func add(_ sketch: QuantileSketch, to step: Int) {
        var bins: [PackedBin] = []
        var sketch = sketch
        sketch.pack(into: &bins)
        add(bins[...], to: step)
    }

    /// As `QuantileSketch.quantile`; `count` is the number of readings of all parts of the step.
    func quantile(_ q: Double, step: Int, count: Int) -> Double {
        guard count > 0, q >= 0, q <= 1 else { return .nan }
        let rank = Int(q * Double(count - 1))
        return withUnsafeTemporaryAllocation(of: Cursor.self, capacity: Self.fewParts) { few in
            var used = 0
            var part = heads[step]
            while part >= 0, used < Self.fewParts {
                few[used] = Cursor(part: part, start: parts[part].bins.startIndex, end: parts[part].bins.endIndex)
                used += 1
                part = parts[part].next
            }
            guard part < 0 else { return merged(step).quantile(q) }
            let some = UnsafeMutableBufferPointer(rebasing: few[..<used])
            return rank < count / 2 ? fromBelow(rank, some) : fromAbove(count - 1 - rank, some)
        }
    }

    private func merged(_ step: Int) -> QuantileSketch {
        var all = QuantileSketch()
        var part = heads[step]
        while part >= 0 {
            all.merge(parts[part].bins)
            part = parts[part].next
        }
        return all
    }

    private func fromBelow(_ rank: Int, _ cursors: UnsafeMutableBufferPointer<Cursor>) -> Double {
        var left = rank
        while true {
            var least = -1
            var index = Int32.max
            for place in cursors.indices where cursors[place].start < cursors[place].end {
                let other = parts[cursors[place].part].bins[cursors[place].start].index
                if other < index { (least, index) = (place, other) }
            }
            guard least >= 0 else { return .nan }
            left -= Int(parts[cursors[least].part].bins[cursors[least].start].count)
            if left < 0 { return QuantileSketch.value(of: index) }
            cursors[least].start += 1
        }
    }

    private func fromAbove(_ rank: Int, _ cursors: UnsafeMutableBufferPointer<Cursor>) -> Double {
        var left = rank
        while true {
            var most = -1
            var index = Int32.min
            for place in cursors.indices where cursors[place].start < cursors[place].end {
                let other = parts[cursors[place].part].bins[cursors[place].end - 1].index
                if other > index { (most, index) = (place, other) }
            }
            guard most >= 0 else { return .nan }
            left -= Int(parts[cursors[most].part].bins[cursors[most].end - 1].count)
            if left < 0 { return QuantileSketch.value(of: index) }
            cursors[most].end -= 1
        }
    }
}
