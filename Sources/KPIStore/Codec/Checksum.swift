/// CRC-32 (ISO-HDLC, the one of zlib and PNG), byte by byte from a table.
enum Checksum {
    /// Bytes that a sealed record ends in.
    static let byteCount = 4

    private static let table: [UInt32] = (0..<256)
        .map { index in
            (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1 }
        }

    static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xff)] ^ (crc >> 8) }
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
