extension Snappy {
    /// Copies reach back within a piece of this size only, so that positions fit 16 bits and the table stays in the first-level cache.
    private static let piece = 1 << 16

    /// The longest a block of `count` bytes gets: its length, and a literal's head for every piece, even where nothing repeats.
    static func mostBytes(for count: Int) -> Int {
        10 + count + count / 6 + slack
    }

    /// `bytes`, compressed: greedy matches of four bytes and more, found by a hash table of the last position of each.
    ///
    /// The search strides wider the longer it finds nothing, so what does not compress costs little.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: mostBytes(for: bytes.count)) { buffer, count in
            var writer = BlockWriter(target: UnsafeMutableRawBufferPointer(buffer))
            writer.varint(bytes.count)
            bytes.withUnsafeBytes { source in
                var bits = 8
                while bits < 14, 1 << bits < min(source.count, piece) { bits += 1 }
                withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 1 << bits) { table in
                    var start = 0
                    while start < source.count {
                        let end = min(start + piece, source.count)
                        table.initialize(repeating: 0)
                        compress(UnsafeRawBufferPointer(rebasing: source[start..<end]), table, bits, into: &writer)
                        start = end
                    }
                }
            }
            count = writer.count
        }
    }

    private static func compress(
        _ source: UnsafeRawBufferPointer,
        _ table: UnsafeMutableBufferPointer<UInt16>,
        _ bits: Int,
        into writer: inout BlockWriter
    ) {
        var literalStart = 0
        // Where eight bytes can still be read at once.
        let last = source.count - 8
        var at = 1
        var misses = 32
        while at <= last {
            let word = source.loadUnaligned(fromByteOffset: at, as: UInt32.self)
            let slot = Int((word &* 0x1E35_A7BD) >> UInt32(32 - bits))
            let candidate = Int(table[slot])
            table[slot] = UInt16(truncatingIfNeeded: at)
            guard candidate < at, source.loadUnaligned(fromByteOffset: candidate, as: UInt32.self) == word else {
                at += misses >> 5
                misses += 1
                continue
            }
            writer.literal(source, from: literalStart, to: at)
            let length = 4 + equalBytes(source, candidate + 4, at + 4)
            writer.copy(offset: at - candidate, length: length)
            at += length
            literalStart = at
            misses = 32
            if at <= last {
                // The position before is entered too: runs and repeated records are found at once.
                let before = source.loadUnaligned(fromByteOffset: at - 1, as: UInt32.self)
                table[Int((before &* 0x1E35_A7BD) >> UInt32(32 - bits))] = UInt16(truncatingIfNeeded: at - 1)
            }
        }
        writer.literal(source, from: literalStart, to: source.count)
    }

    /// How many bytes from `first` on equal those from `second` on; `first < second`.
    @inline(__always)
    private static func equalBytes(_ source: UnsafeRawBufferPointer, _ first: Int, _ second: Int) -> Int {
        var length = 0
        while second + length + 8 <= source.count {
            let left = source.loadUnaligned(fromByteOffset: first + length, as: UInt64.self)
            let right = source.loadUnaligned(fromByteOffset: second + length, as: UInt64.self)
            if left != right { return length + (left ^ right).littleEndian.trailingZeroBitCount / 8 }
            length += 8
        }
        while second + length < source.count, source[first + length] == source[second + length] { length += 1 }
        return length
    }

    /// Writes elements. The target holds `mostBytes(for:)` of all that is written.
    private struct BlockWriter {
        let target: UnsafeMutableRawBufferPointer
        var count = 0

        @inline(__always)
        mutating func byte(_ value: Int) {
            target[count] = UInt8(truncatingIfNeeded: value)
            count += 1
        }

        mutating func varint(_ value: Int) {
            var rest = value
            while rest > 127 {
                byte(rest & 127 | 128)
                rest >>= 7
            }
            byte(rest)
        }

        mutating func literal(_ source: UnsafeRawBufferPointer, from: Int, to: Int) {
            guard to > from, let bytes = source.baseAddress, let out = target.baseAddress else { return }
            let length = to - from
            switch length - 1 {
            case ..<60:
                byte((length - 1) << 2)
            case ..<256:
                byte(60 << 2)
                byte(length - 1)
            default:
                // A piece is at most 2¹⁶ bytes long.
                byte(61 << 2)
                byte(length - 1)
                byte((length - 1) >> 8)
            }
            (out + count).copyMemory(from: bytes + from, byteCount: length)
            count += length
        }

        mutating func copy(offset: Int, length: Int) {
            var left = length
            while left > 0 {
                // What remains is never shorter than four bytes, so that it fits the short form.
                let step = left >= 68 ? 64 : left > 64 ? 60 : left
                if step < 12, offset < 2048, step >= 4 {
                    byte(1 | (step - 4) << 2 | (offset >> 8) << 5)
                    byte(offset)
                } else {
                    byte(2 | (step - 1) << 2)
                    byte(offset)
                    byte(offset >> 8)
                }
                left -= step
            }
        }
    }
}
