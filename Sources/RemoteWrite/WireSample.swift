/// One value of a series at one time (ms since 1970, UTC).
package struct WireSample: Hashable, Sendable {
    package var value: Double
    package var timestampMs: Int64

    package init(value: Double, timestampMs: Int64) {
        self.value = value
        self.timestampMs = timestampMs
    }

    /// The NaN by which Prometheus says that a series has ended. Every other NaN is a value that a target reported.
    package static let staleMarker = Double(bitPattern: 0x7FF0_0000_0000_0002)

    package static func isStaleMarker(_ value: Double) -> Bool {
        value.bitPattern == 0x7FF0_0000_0000_0002
    }

    /// Reads the content of a `Sample` field. A field that is absent is zero: encoders leave zeros out.
    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>) throws(WireError) {
        value = 0
        timestampMs = 0
        var cursor = ProtobufCursor(bytes, content)
        while !cursor.isAtEnd {
            let start = cursor.at
            let (field, type) = try cursor.key()
            switch (field, type) {
            case (1, ProtobufCursor.WireType.fixed64): value = Double(bitPattern: try cursor.fixed64())
            case (2, ProtobufCursor.WireType.varint): timestampMs = Int64(bitPattern: try cursor.varint())
            case (1, _), (2, _): throw .wireType(found: type, field: field, at: start)
            default: try cursor.skip(field: field, type: type, from: start)
            }
        }
    }
}

extension ProtobufCursor {
    /// The sample that begins here, if it has the form that nearly all have: value and a positive time of at most eight bytes, in this order.
    ///
    /// Anything else is nil, leaves the cursor where it is, and is read field by field. This is where most of a request's bytes go by.
    @inline(__always)
    mutating func usualSample() -> (value: Double, timestampMs: Int64)? {
        // Key, length, key, value, key; then a word that holds the time, and lies within the body even where the time is shorter.
        guard end - at >= 13, bytes.count - at >= 20,
            bytes.load(fromByteOffset: at, as: UInt8.self) == 0x12,
            bytes.load(fromByteOffset: at + 2, as: UInt8.self) == 0x09,
            bytes.load(fromByteOffset: at + 11, as: UInt8.self) == 0x10
        else { return nil }
        let length = Int(bytes.load(fromByteOffset: at + 1, as: UInt8.self))
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 12, as: UInt64.self))
        let lastByte = (~word & 0x8080_8080_8080_8080).trailingZeroBitCount
        // `lastByte` is 64 where the time is longer than the word.
        guard lastByte < 64, length == 11 + lastByte / 8, length + 2 <= end - at else { return nil }
        let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 3, as: UInt64.self))
        at += length + 2
        // Drops the top bit of each byte: pairs of seven bits become fourteen, those twenty-eight, those fifty-six.
        var time = word & (0x7F7F_7F7F_7F7F_7F7F >> UInt64(63 - lastByte))
        time = (time & 0x007F_007F_007F_007F) | (time & 0x7F00_7F00_7F00_7F00) >> 1
        time = (time & 0x0000_3FFF_0000_3FFF) | (time & 0x3FFF_0000_3FFF_0000) >> 2
        time = (time & 0x0FFF_FFFF) | (time & 0x0FFF_FFFF_0000_0000) >> 4
        return (Double(bitPattern: value), Int64(bitPattern: time))
    }
}
