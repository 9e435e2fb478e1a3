/// Sixty steps of one fleet's KPI under one persona: what is kept in memory, and as one row of `rollup`, together.
struct RollupBlock: Equatable {
    static let length = 60

    /// Which block: its first step is `number` · `length`.
    let number: Int64
    /// By step from the first on; as many as there was need for.
    private(set) var cells: [RollupCell] = []
    /// Where in `sketchBytes` the sketch of a step is.
    private var sketches: [Range<Int32>] = []
    /// Encoded sketches, some of them replaced by later ones.
    private var sketchBytes: [UInt8] = []
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

    /// False where there was no cell to write to yet.
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
        store(sketch, at: offset)
        isChanged = true
    }

    // MARK: Sketches

    func sketch(_ offset: Int) throws(Malformed) -> QuantileSketch {
        var sketch = QuantileSketch()
        guard offset < sketches.count, !sketches[offset].isEmpty else { return sketch }
        let range = Int(sketches[offset].lowerBound)..<Int(sketches[offset].upperBound)
        var failure: Malformed?
        sketchBytes.withUnsafeBytes { bytes in
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[range]))
            do throws(Malformed) { try sketch.merge(from: &reader) } catch { failure = error }
        }
        if let failure { throw failure }
        return sketch
    }

    mutating func store(_ sketch: QuantileSketch, at offset: Int) {
        if offset >= sketches.count {
            guard !sketch.isEmpty else { return }
            sketches.append(contentsOf: repeatElement(0..<0, count: offset + 1 - sketches.count))
        }
        var sketch = sketch
        sketch.settle()
        tidy()
        let start = Int32(sketchBytes.count)
        if !sketch.isEmpty { sketch.encode(into: &sketchBytes) }
        sketches[offset] = start..<Int32(sketchBytes.count)
        isChanged = true
    }

    /// Drops replaced sketches once they are most of all.
    private mutating func tidy() {
        guard sketchBytes.count > 4096 else { return }
        let used = sketches.reduce(0) { $0 + $1.count }
        guard used * 2 < sketchBytes.count else { return }
        var kept: [UInt8] = []
        kept.reserveCapacity(used)
        for offset in sketches.indices {
            let range = Int(sketches[offset].lowerBound)..<Int(sketches[offset].upperBound)
            sketches[offset] = Int32(kept.count)..<Int32(kept.count + range.count)
            kept.append(contentsOf: sketchBytes[range])
        }
        sketchBytes = kept
    }

    /// Bytes in memory, about.
    var memory: Int { cells.count * MemoryLayout<RollupCell>.stride + sketches.count * 8 + sketchBytes.count + 96 }
}

/// Division that rounds down, also below zero.
@inline(__always)
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return a % b < 0 ? quotient - 1 : quotient
}
