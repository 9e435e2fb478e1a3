/// Reads protobuf fields where they lie. Nothing is read beyond `end`; what is not well-formed is a `WireError`.
struct ProtobufCursor {
    enum WireType {
        static let varint = 0
        static let fixed64 = 1
        static let bytes = 2
        static let fixed32 = 5
    }

    /// The whole body: positions in errors and ranges count from its start.
    let bytes: UnsafeRawBufferPointer
    var at: Int
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    @inline(__always)
    var isAtEnd: Bool { at >= end }

    @inline(__always)
    mutating func varint() throws(WireError) -> UInt64 {
        guard at < end else { throw .truncated(at: at) }
        let first = bytes.load(fromByteOffset: at, as: UInt8.self)
        if first < 128 {
            at += 1
            return UInt64(first)
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard at + index < end else { throw .truncated(at: at + index) }
            let byte = bytes.load(fromByteOffset: at + index, as: UInt8.self)
            // Of the tenth byte one bit is left.
            guard index < 9 || byte < 2 else { break }
            value |= UInt64(byte & 127) << UInt64(7 * index)
            if byte < 128 {
                at += index + 1
                return value
            }
        }
        throw .oversizedNumber(at: at)
    }

    /// The number and the wire type of the field that begins here.
    @inline(__always)
    mutating func key() throws(WireError) -> (field: Int, type: Int) {
        let start = at
        let value = try varint()
        guard value <= UInt32.max else { throw .oversizedNumber(at: start) }
        return (Int(value >> 3), Int(value & 7))
    }

    /// Where the content of a length-delimited field lies; the cursor stands behind it afterwards.
    @inline(__always)
    mutating func delimited() throws(WireError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - at) else { throw .truncated(at: end) }
        let start = at
        at += Int(length)
        return start..<at
    }

    mutating func fixed64() throws(WireError) -> UInt64 {
        guard end - at >= 8 else { throw .truncated(at: end) }
        let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
        return value
    }

    /// Passes over a field that remote write 1.0 does not know, or that Troupe does not take. Groups are no part of it.
    mutating func skip(field: Int, type: Int, from start: Int) throws(WireError) {
        switch type {
        case WireType.varint: _ = try varint()
        case WireType.fixed64: _ = try fixed64()
        case WireType.bytes: _ = try delimited()
        case WireType.fixed32:
            guard end - at >= 4 else { throw .truncated(at: end) }
            at += 4
        default: throw .wireType(found: type, field: field, at: start)
        }
    }

    /// The content of a length-delimited field whose key was just read.
    @inline(__always)
    mutating func delimited(field: Int, type: Int, from start: Int) throws(WireError) -> Range<Int> {
        guard type == WireType.bytes else { throw .wireType(found: type, field: field, at: start) }
        return try delimited()
    }
}
