import RemoteWrite
import TestSupport
import Testing

struct SnappyTests {
    /// Made with cramjam 2.14 (Google's algorithm): plain bytes and what it compressed them to.
    @Test(
        arguments: [
            ([], "00"),
            (Array("a".utf8), "010061"),
            (Array(String(repeating: "abcd", count: 40).utf8), "a0010c61626364fe0400fe04006e0400"),
            (Array(String(repeating: "x", count: 100).utf8), "640078fe01008a0100"),
            (
                Array(0..<64) + Array(0..<64),
                """
                8001f040000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526\
                2728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f00fa4000
                """
            ),
        ] as [([UInt8], String)]
    )
    func readsWhatOthersCompress(plain: [UInt8], compressed: String) throws {
        #expect(try Snappy.decode(bytes(hex: compressed), limit: 1000) == plain)
    }

    @Test func longCopyFormReachesFarBack() throws {
        // A literal of 4 bytes, then "11 copy" of 6 bytes with a 4-byte offset of 4.
        #expect(try Snappy.decode(bytes(hex: "0a 0c 61626364 17 04000000"), limit: 10) == Array("abcdabcdab".utf8))
    }

    @Test(arguments: 1...16)
    func patternsOfEveryPeriodAreRepeated(period: Int) throws {
        for length in 1...64 {
            let pattern = (0..<period).map { UInt8($0 + 1) }
            let block: [UInt8] =
                [UInt8(period + length), UInt8((period - 1) << 2)] + pattern + [
                    UInt8((length - 1) << 2 | 2), UInt8(period), 0,
                ]
            let expected = (0..<period + length).map { pattern[$0 % period] }
            #expect(try Snappy.decode(block, limit: 100) == expected)
        }
    }

    @Test(arguments: [
        ("", WireError.truncated(at: 0)),
        ("80", .truncated(at: 1)),
        ("ffffffffff01", .oversizedNumber(at: 0)),
        ("80808001", .tooMuch(.decompressedBytes, found: 1 << 21, limit: 1000)),
        ("e407", .wrongLength(declared: 996, produced: 0)),
        ("01", .wrongLength(declared: 1, produced: 0)),
        ("0000", .wrongLength(declared: 0, produced: 1)),
        ("0100", .truncated(at: 2)),
        ("02046162 01", .truncated(at: 5)),
        ("05 00 61 01 00", .copyBeforeStart(at: 3)),
        ("05 00 61 01 02", .copyBeforeStart(at: 3)),
        ("03 00 61 01 01", .wrongLength(declared: 3, produced: 5)),
        ("03 00 61", .wrongLength(declared: 3, produced: 1)),
        ("03 fc ffffffff 61", .wrongLength(declared: 3, produced: 1 << 32)),
        ("03 f0", .truncated(at: 2)),
    ])
    func malformedInputIsNamed(hex: String, error: WireError) {
        #expect(throws: error) { try Snappy.decode(bytes(hex: hex), limit: 1000) }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plain = sampleBytes(&random)
        let compressed = Snappy.encode(plain)
        #expect(try Snappy.decode(compressed, limit: plain.count) == plain)
        #expect(compressed.count <= 10 + plain.count + plain.count / 6)
    }

    @Test func repetitionIsCompressed() {
        let text = Array(String(repeating: "instance=web-00001,fleet=storefront;", count: 500).utf8)
        #expect(Snappy.encode(text).count < text.count / 15)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func mutationsEndInAnErrorOrAValue(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 1000)
        let compressed = Snappy.encode(Array(sampleBytes(&random).prefix(3000)))
        for _ in 0..<500 {
            var mutated = compressed
            for _ in 0..<Int.random(in: 1...4, using: &random) where !mutated.isEmpty {
                mutated[Int.random(in: 0..<mutated.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { mutated.removeLast(Int.random(in: 0...mutated.count, using: &random)) }
            if let plain = try? Snappy.decode(mutated, limit: 10_000) { #expect(plain.count <= 10_000) }
        }
    }

    /// Noise, runs, and words that recur near and far, in a length from nothing to several pieces.
    private func sampleBytes(_ random: inout SeededGenerator) -> [UInt8] {
        let length = [0, 1, 7, 8, 9, 200, 5_000, 65_535, 65_536, 65_537, 200_000].randomElement(using: &random) ?? 0
        let alphabet = [1, 2, 5, 60, 256].randomElement(using: &random) ?? 1
        var bytes: [UInt8] = []
        while bytes.count < length {
            if bytes.count > 100, Bool.random(using: &random) {
                let from = Int.random(in: 0..<bytes.count, using: &random)
                let count = min(Int.random(in: 1...300, using: &random), bytes.count - from)
                bytes.append(contentsOf: bytes[from..<from + count])
            } else {
                for _ in 0..<Int.random(in: 1...100, using: &random) {
                    bytes.append(UInt8(Int.random(in: 0..<alphabet, using: &random)))
                }
            }
        }
        return Array(bytes.prefix(length))
    }
}
