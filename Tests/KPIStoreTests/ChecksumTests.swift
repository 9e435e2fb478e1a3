import TestSupport
import Testing

@testable import KPIStore

struct ChecksumTests {
    @Test func knownValues() {
        func crc(_ text: String) -> UInt32 { Array(text.utf8).withUnsafeBytes { Checksum.crc32($0) } }
        #expect(crc("") == 0)
        #expect(crc("123456789") == 0xcbf4_3926)
        #expect(crc("The quick brown fox jumps over the lazy dog") == 0x414f_a339)
    }

    @Test func everyLengthIsTheSameBitByBit() {
        var random = SeededGenerator(seed: 2)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            var crc = ~UInt32(0)
            for byte in bytes {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1 }
            }
            #expect(bytes.withUnsafeBytes { Checksum.crc32($0) } == ~crc)
        }
    }
}
