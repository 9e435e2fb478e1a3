extension RollupBlock {
    private static let format: UInt8 = 1

    /// The block as a row of `rollup`:
    ///
    ///     byte      format, 1
    ///     8 bytes   bit i: step i has readings, little-endian; bits 60–63 are 0
    ///     if any has, of the n steps that have:
    ///     column    counts (`IntegerColumn`)
    ///     columns   sums, minima, maxima, totals (`ValueColumn`)
    ///     n times   sketch (`QuantileSketch.encode`)
    ///     4 bytes   CRC-32 of all before, little-endian
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = [Self.format]
        let used = cells.indices.filter { cells[$0].count > 0 }
        bytes.append(word: used.reduce(0) { $0 | 1 &<< UInt64($1) })
        if !used.isEmpty {
            let counts = used.map { Int64(cells[$0].count) }
            counts.withUnsafeBufferPointer { IntegerColumn.encode($0, into: &bytes) }
            for field in [\RollupCell.sum, \.low, \.high, \.total] {
                let column = used.map { cells[$0][keyPath: field] }
                column.withUnsafeBufferPointer { ValueColumn.encode($0, into: &bytes) }
            }
            for offset in used { sketch(offset).encode(into: &bytes) }
        }
        Checksum.seal(&bytes)
        return bytes
    }

    init(number: Int64, encoded sealed: UnsafeRawBufferPointer) throws(Malformed) {
        var reader = ByteReader(try Checksum.open(sealed))
        guard try reader.byte() == Self.format else { throw Malformed("an unknown format of rollup") }
        let bits = try reader.word()
        guard bits &>> UInt64(Self.length) == 0 else { throw Malformed("a step beyond the block") }
        let used = (0..<Self.length).filter { bits &>> UInt64($0) & 1 == 1 }
        var cells = [RollupCell](repeating: RollupCell(), count: (used.last ?? -1) + 1)
        if !used.isEmpty {
            var counts = [Int64](repeating: 0, count: used.count)
            try counts.fill { buffer throws(Malformed) in try IntegerColumn.decode(into: buffer, from: &reader) }
            for (place, offset) in used.enumerated() {
                guard counts[place] > 0, counts[place] < 1 << 48 else { throw Malformed("a count that cannot be") }
                cells[offset].count = Int(counts[place])
            }
            var column = [Double](repeating: 0, count: used.count)
            for field in [\RollupCell.sum, \.low, \.high, \.total] {
                try column.fill { buffer throws(Malformed) in try ValueColumn.decode(into: buffer, from: &reader) }
                for (place, offset) in used.enumerated() { cells[offset][keyPath: field] = column[place] }
            }
        }
        self.init(number: number, cells: cells)
        for offset in used {
            var sketch = QuantileSketch()
            try sketch.merge(from: &reader)
            store(&sketch, at: offset)
        }
        guard reader.remaining == 0 else { throw Malformed("bytes after the last sketch") }
        isChanged = false
    }
}

extension Array {
    /// Lets a decoder write over the elements.
    fileprivate mutating func fill(
        _ body: (UnsafeMutableBufferPointer<Element>) throws(Malformed) -> Void
    ) throws(Malformed) {
        var failure: Malformed?
        withUnsafeMutableBufferPointer { buffer in
            do throws(Malformed) { try body(UnsafeMutableBufferPointer(rebasing: buffer[...])) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
