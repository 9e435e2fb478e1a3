/// Gathers what tracks and stored blocks say of a range of steps, and makes one number per step of a grid.
struct RollupWindow {
    /// Steps of the definition, `perStep` of which make one of the grid.
    let steps: Range<Int64>
    let perStep: Int
    private let wantsSketches: Bool
    private var cells: [RollupCell]
    /// The distributions of the steps of the grid.
    private var sketches: BinMerge

    init(steps: Range<Int64>, perStep: Int, for aggregate: RollupAggregate) {
        self.steps = steps
        self.perStep = perStep
        if case .quantile = aggregate { wantsSketches = true } else { wantsSketches = false }
        cells = [RollupCell](repeating: RollupCell(), count: steps.count)
        sketches = BinMerge(steps: wantsSketches ? steps.count / perStep : 0)
    }

    mutating func add(_ track: RollupTrack) {
        for block in track.blocks { add(block, open: track.open) }
    }

    /// `open`: sketches that know better than the block what was read in their steps.
    mutating func add(_ block: RollupBlock, open: [RollupTrack.OpenSketch] = []) {
        let range = block.firstStep..<block.firstStep + Int64(RollupBlock.length)
        let common = range.clamped(to: steps)
        guard !common.isEmpty else { return }
        let offset = Int(common.lowerBound - block.firstStep)
        let place = Int(common.lowerBound - steps.lowerBound)
        for index in 0..<min(common.count, max(0, block.cells.count - offset))
        where block.cells[offset + index].count > 0 {
            cells[place + index].merge(block.cells[offset + index])
            guard wantsSketches else { continue }
            let step = common.lowerBound + Int64(index)
            // By index: an element that is looked at as a whole is a reference counted up and down.
            if let found = open.indices.first(where: { open[$0].step == step }) {
                sketches.add(open[found].sketch, to: (place + index) / perStep)
            } else {
                sketches.add(block.bins(offset + index), to: (place + index) / perStep)
            }
        }
    }

    /// What a series adds to the total of a step that is not closed.
    mutating func add(total: Double, step: Int64) {
        guard steps.contains(step) else { return }
        cells[Int(step - steps.lowerBound)].total += total
    }

    func values(_ aggregate: RollupAggregate) -> [Double] {
        (0..<steps.count / perStep)
            .map { position in
                var cell = cells[position * perStep]
                var used = cell.count > 0 ? 1.0 : 0
                for next in 1..<max(1, perStep) {
                    let other = cells[position * perStep + next]
                    guard other.count > 0 else { continue }
                    cell.merge(other)
                    used += 1
                }
                if aggregate == .count { return Double(cell.count) }
                guard cell.count > 0 else { return .nan }
                switch aggregate {
                case .mean: return cell.sum / Double(cell.count)
                case .sum: return cell.total / used
                case .min: return cell.low
                case .max: return cell.high
                case .count: return Double(cell.count)
                case .quantile(let q):
                    // The sketch knows its values roughly, the cell its ends exactly.
                    let value = sketches.quantile(q, step: position, count: cell.count)
                    return value.isNaN ? value : min(max(value, cell.low), cell.high)
                }
            }
    }
}
