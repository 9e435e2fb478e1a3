/// A fleet's KPI under one persona: its blocks in memory, and the sketches of the steps that are being written to.
struct RollupTrack {
    /// nil: the series of the fleet as a whole, and resources that play none.
    let persona: String?
    /// Ascending.
    private(set) var blocks: [RollupBlock] = []
    /// Readings go to the newest step, and at its turn for a while to the one before.
    private(set) var open: [OpenSketch] = []

    struct OpenSketch {
        var step: Int64
        var sketch: QuantileSketch
    }

    private static let openSteps = 2

    init(persona: String?) {
        self.persona = persona
    }

    // MARK: Writing

    @inline(__always)
    mutating func add(_ reading: Double, step: Int64) {
        let (number, offset) = RollupBlock.place(of: step)
        let block = position(of: number)
        blocks[block].add(reading, at: offset)
        if let last = open.last, last.step == step {
            open[open.count - 1].sketch.insert(reading)
        } else {
            open[openPosition(of: step)].sketch.insert(reading)
        }
    }

    mutating func add(total: Double, step: Int64) {
        let (number, offset) = RollupBlock.place(of: step)
        blocks[position(of: number)].add(total: total, at: offset)
    }

    mutating func replace(step: Int64, with cell: RollupCell?, sketch: QuantileSketch) {
        let (number, offset) = RollupBlock.place(of: step)
        open.removeAll { $0.step == step }
        if cell == nil, find(number) == nil { return }
        blocks[position(of: number)].replace(offset, with: cell, sketch: sketch)
    }

    /// Takes over a block from the disk, of a number that it does not have.
    mutating func put(_ block: RollupBlock) { blocks[insert(block.number)] = block }

    /// Position of a block that is there, or that is made.
    @inline(__always)
    private mutating func position(of number: Int64) -> Int {
        if let last = blocks.last, last.number == number { return blocks.count - 1 }
        return find(number) ?? insert(number)
    }

    private func find(_ number: Int64) -> Int? { blocks.lastIndex { $0.number == number } }

    private mutating func insert(_ number: Int64) -> Int {
        let place = (blocks.lastIndex { $0.number < number } ?? -1) + 1
        blocks.insert(RollupBlock(number: number), at: place)
        return place
    }

    private mutating func openPosition(of step: Int64) -> Int {
        if let found = open.firstIndex(where: { $0.step == step }) { return found }
        // The memory of the sketch that is closed serves the new one.
        var new = open.count == Self.openSteps ? close(0) : QuantileSketch()
        let (number, offset) = RollupBlock.place(of: step)
        new.removeAll()
        if let block = find(number) { new.merge(blocks[block].bins(offset)) }
        let place = (open.lastIndex { $0.step < step } ?? -1) + 1
        open.insert(OpenSketch(step: step, sketch: new), at: place)
        return place
    }

    @discardableResult
    private mutating func close(_ position: Int) -> QuantileSketch {
        var closed = open.remove(at: position)
        let (number, offset) = RollupBlock.place(of: closed.step)
        blocks[self.position(of: number)].store(&closed.sketch, at: offset)
        return closed.sketch
    }

    /// Sorts in what has come since it was last asked, once for all who ask next.
    mutating func settleSketches() {
        for index in open.indices { open[index].sketch.settle() }
    }

    /// Writes the open sketches of steps before `step` into their blocks.
    mutating func closeSketches(before step: Int64) {
        while let first = open.first, first.step < step { close(0) }
    }

    // MARK: Asking

    func cell(step: Int64) -> RollupCell? {
        let (number, offset) = RollupBlock.place(of: step)
        return find(number).flatMap { blocks[$0].cell(offset) }
    }

    func sketch(step: Int64) -> QuantileSketch {
        if let found = open.first(where: { $0.step == step }) { return found.sketch }
        let (number, offset) = RollupBlock.place(of: step)
        return find(number).map { blocks[$0].sketch(offset) } ?? QuantileSketch()
    }

    // MARK: Keeping

    mutating func noteStored(before block: Int64) {
        for index in blocks.indices where blocks[index].number < block { blocks[index].isChanged = false }
    }

    mutating func drop(before block: Int64) {
        blocks.removeAll { $0.number < block }
    }
}
