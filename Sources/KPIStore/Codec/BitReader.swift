/// Reads what `BitWriter` wrote; every access is checked against the end.
struct BitReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = bytes.count * 8
    }

    /// Whole bytes that have been read from, at least in part.
    var bytesRead: Int { (position + 7) >> 3 }

    /// The next bits, at least 57 of them; zeros beyond the end.
    @inline(__always)
    private func peek() -> UInt64 {
        let byte = position >> 3
        let shift = UInt64(truncatingIfNeeded: position & 7)
        if byte + 8 <= bytes.count {
            return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self)) &>> shift
        }
        var word: UInt64 = 0
        var at = byte
        while at < bytes.count {
            word |= UInt64(bytes[at]) &<< UInt64(truncatingIfNeeded: (at - byte) << 3)
            at += 1
        }
        return word &>> shift
    }

    /// `width` ≤ 64.
    @inline(__always)
    mutating func read(width: Int) throws(Malformed) -> UInt64 {
        guard width <= end - position else { throw Malformed("cut off") }
        if width <= 56 {
            let value = peek() & ((1 &<< UInt64(truncatingIfNeeded: width)) &- 1)
            position += width
            return value
        }
        let low = peek() & 0xffff_ffff
        position += 32
        let high = peek() & ((1 &<< UInt64(truncatingIfNeeded: width - 32)) &- 1)
        position += width - 32
        return low | high &<< 32
    }

    /// How many ones come before the next zero, at most `limit` ≤ 56; the zero is read too, unless `limit` was reached.
    @inline(__always)
    mutating func ones(atMost limit: Int) throws(Malformed) -> Int {
        let count = Swift.min((~peek()).trailingZeroBitCount, limit)
        position += count < limit ? count + 1 : limit
        guard position <= end else { throw Malformed("cut off") }
        return count
    }
}
