/// Writes bit fields, least significant bit first: bit i of the stream is bit i mod 8 of byte i div 8.
struct BitWriter {
    private(set) var bytes: [UInt8]
    private var word: UInt64 = 0
    private var filled = 0

    /// Goes on after `bytes`.
    init(after bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Writes the low `width` bits of `value`, whose other bits are zero.
    ///
    /// `width` ≤ 64.
    @inline(__always)
    mutating func write(_ value: UInt64, width: Int) {
        word |= value &<< UInt64(truncatingIfNeeded: filled)
        let total = filled + width
        guard total >= 64 else {
            filled = total
            return
        }
        bytes.append(word: word)
        word = filled == 0 ? 0 : value &>> UInt64(truncatingIfNeeded: 64 - filled)
        filled = total - 64
    }

    /// The bytes so far, the last one filled up with zeros.
    consuming func finish() -> [UInt8] {
        while filled > 0 {
            bytes.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
            filled -= 8
        }
        return bytes
    }
}
