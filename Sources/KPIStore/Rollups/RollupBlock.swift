/// Sixty steps of one fleet's KPI under one persona: what is kept in memory, and as one row of `rollup`, together.
struct RollupBlock: Equatable {
    static let length = 60

    /// Which block: its first step is `number` · `length`.
    let number: Int64
    /// By step from the first on; as many as there was need for.
    private(set) var cells: [RollupCell] = []
    /// Where in `bins` the sketch of a step is.
    private var sketches: [Range<Int32>] = []
    /// Bins of all sketches, some of them replaced by later ones.
    private var bins: [PackedBin] = []
    /// Written to since it was stored.
    var isChanged = false

    init(number: Int64) {
        self.number = number
    }

    init(number: Int64, cells: [RollupCell]) {
        self.number = number
        self.cells = cells
    }

    var firstStep: Int64 { number * Int64(Self.length) }

    /// The block of a step, and the step's place in it.
    @inline(__always)
    static func place(of step: Int64) -> (number: Int64, offset: Int) {
        let number = floorDivide(step, Int64(length))
        return (number, Int(step - number * Int64(length)))
    }

    func cell(_ offset: Int) -> RollupCell? {
        offset < cells.count && cells[offset].count > 0 ? cells[offset] : nil
    }

    @inline(__always)
    mutating func add(_ reading: Double, at offset: Int) {
        if offset >= cells.count { grow(to: offset) }
        cells[offset].add(reading)
        isChanged = true
    }

    mutating func add(total: Double, at offset: Int) {
        if offset >= cells.count { grow(to: offset) }
        cells[offset].total += total
        isChanged = true
    }

    private mutating func grow(to offset: Int) {
        cells.append(contentsOf: repeatElement(RollupCell(), count: offset + 1 - cells.count))
    }

    mutating func replace(_ offset: Int, with cell: RollupCell?, sketch: QuantileSketch) {
        if cell != nil || offset < cells.count {
            if offset >= cells.count { grow(to: offset) }
            cells[offset] = cell ?? RollupCell()
        }
        var sketch = sketch
        store(&sketch, at: offset)
        isChanged = true
    }

    // MARK: Sketches

    /// The bins of a step, ascending.
    func bins(_ offset: Int) -> ArraySlice<PackedBin> {
        guard offset < sketches.count else { return [] }
        return bins[Int(sketches[offset].lowerBound)..<Int(sketches[offset].upperBound)]
    }

    func sketch(_ offset: Int) -> QuantileSketch {
        var sketch = QuantileSketch()
        sketch.merge(bins(offset))
        return sketch
    }

    mutating func store(_ sketch: inout QuantileSketch, at offset: Int) {
        if offset >= sketches.count {
            guard !sketch.isEmpty else { return }
            sketches.append(contentsOf: repeatElement(0..<0, count: offset + 1 - sketches.count))
        }
        tidy()
        let start = Int32(bins.count)
        sketch.pack(into: &bins)
        sketches[offset] = start..<Int32(bins.count)
        isChanged = true
    }

    /// Drops replaced sketches once they are most of all.
    private mutating func tidy() {
        guard bins.count > 4096 else { return }
        let used = sketches.reduce(0) { $0 + $1.count }
        guard used * 2 < bins.count else { return }
        var kept: [PackedBin] = []
        kept.reserveCapacity(used)
        for offset in sketches.indices {
            let old = bins(offset)
            sketches[offset] = Int32(kept.count)..<Int32(kept.count + old.count)
            kept.append(contentsOf: old)
        }
        bins = kept
    }
}

/// Division that rounds down, also below zero.
@inline(__always)
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return a % b < 0 ? quotient - 1 : quotient
}
