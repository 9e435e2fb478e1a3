/// CRC-32 (ISO-HDLC, the one of zlib and PNG), eight bytes at a time.
///
/// `tables[256·k + b]` is the checksum of byte b with k zero bytes behind it, so eight lookups that do not wait for each other take
/// the place of eight that do (M. E. Kounavis, F. L. Berry, "Novel table lookup-based algorithms for high-performance CRC
/// generation", 2008: slicing by eight).
enum Checksum {
    /// Bytes that a sealed record ends in.
    static let byteCount = 4

    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        for index in UInt32(0)..<256 {
            var crc = index
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1 }
            tables.append(crc)
        }
        for index in 256..<256 * 8 {
            let before = tables[index - 256]
            tables.append(tables[Int(before & 0xff)] ^ (before >> 8))
        }
        return tables
    }()

    static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc = ~UInt32(0)
            var position = 0
            while position + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ UInt64(crc)
                var next: UInt32 = 0
                for place in 0..<8 {
                    let byte = Int(truncatingIfNeeded: (word &>> UInt64(8 * place)) & 0xff)
                    next ^= tables[256 * (7 - place) + byte]
                }
                crc = next
                position += 8
            }
            while position < bytes.count {
                crc = tables[Int((crc ^ UInt32(bytes[position])) & 0xff)] ^ (crc >> 8)
                position += 1
            }
            return ~crc
        }
    }

    /// Appends the checksum of all bytes, little-endian.
    static func seal(_ bytes: inout [UInt8]) {
        let crc = bytes.withUnsafeBytes { crc32($0) }
        withUnsafeBytes(of: crc.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The bytes without their checksum, if it is right.
    static func open(_ sealed: UnsafeRawBufferPointer) throws(Malformed) -> UnsafeRawBufferPointer {
        let length = sealed.count - byteCount
        guard length >= 0 else { throw Malformed("cut off") }
        let body = UnsafeRawBufferPointer(rebasing: sealed[..<length])
        let stored = UInt32(littleEndian: sealed.loadUnaligned(fromByteOffset: length, as: UInt32.self))
        guard crc32(body) == stored else { throw Malformed("the checksum is wrong") }
        return body
    }
}
