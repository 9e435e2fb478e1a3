/// Reads bytes that may be hostile: every access is checked against the end, in release builds too.
///
/// It points into memory that its maker keeps alive: make it inside `withUnsafeBytes` and let it not leave.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed("cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    /// Eight bytes, little-endian.
    mutating func word() throws(Malformed) -> UInt64 {
        guard remaining >= 8 else { throw Malformed("cut off") }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// LEB128, at most ten bytes.
    mutating func varint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            if shift == 63, next > 1 { throw Malformed("a number beyond 64 bits") }
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// A signed number, zigzag and LEB128.
    mutating func signed() throws(Malformed) -> Int64 { unzigzag(try varint()) }

    /// A number that counts something, at most `limit`.
    mutating func count(atMost limit: Int) throws(Malformed) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw Malformed("a count of \(value), beyond \(limit)") }
        return Int(value)
    }

    mutating func string(atMost limit: Int) throws(Malformed) -> String {
        let length = try count(atMost: limit)
        guard length <= remaining else { throw Malformed("cut off") }
        defer { position += length }
        guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else {
            throw Malformed("text that is not UTF-8")
        }
        return text
    }

    mutating func skip(_ count: Int) throws(Malformed) {
        guard count <= remaining else { throw Malformed("cut off") }
        position += count
    }
}

extension [UInt8] {
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(signed value: Int64) { append(varint: zigzag(value)) }

    mutating func append(word value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(string text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(varint: UInt64(utf8.count))
            append(contentsOf: utf8)
        }
    }
}

/// Makes small magnitudes small numbers: 0, −1, 1, −2 become 0, 1, 2, 3.
@inline(__always)
func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)) }

@inline(__always)
func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1) }
