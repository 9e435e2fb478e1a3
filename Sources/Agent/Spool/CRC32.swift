/// The checksum of spooled records (CRC-32 as in zlib and Ethernet).
enum CRC32 {
    private static let table: [UInt32] = (0..<256)
        .map { byte in
            (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
        }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var rest: UInt32 = 0xFFFF_FFFF
        for byte in bytes { rest = table[Int((rest ^ UInt32(byte)) & 255)] ^ rest >> 8 }
        return ~rest
    }
}
