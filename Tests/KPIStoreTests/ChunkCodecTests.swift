import Foundation
import TestSupport
import Testing

@testable import KPIStore

/// What goes in comes out, to the bit; what nobody wrote is refused.
struct ChunkCodecTests {
    static let specials: [Double] = [
        0, -0.0, .infinity, -.infinity, .nan, .signalingNaN, Sample.staleMarker,
        Double(bitPattern: 0xfff8_dead_beef_0001),
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p51,
        0x1p53,
        -0x1p63, 0.1, 1 / 3, 1e15, 1e-15, 123_456_789.012_345,
    ]

    @Test func everySpecialValueAlone() throws {
        for value in Self.specials { try roundTrip([0], [value]) }
    }

    @Test func specialValuesAmongDecimals() throws {
        for special in Self.specials {
            var values = (0..<300).map { Double($0) / 10 }
            values[0] = special
            values[137] = special
            values[299] = special
            try roundTrip(values.indices.map { Int64($0) * 1000 }, values)
        }
    }

    @Test func extremeTimes() throws {
        try roundTrip([.min], [1])
        try roundTrip([.min, .max], [1, 2])
        try roundTrip([.min, -1, 0, 1, .max], [1, 2, 3, 4, 5])
        try roundTrip([.min, .min + 1, .max - 1, .max], [1, 2, 3, 4])
    }

    @Test(arguments: Shape.allCases)
    func seededRandomChunks(_ shape: Shape) throws {
        var random = SeededGenerator(seed: 11)
        for count in [1, 2, 3, 127, 128, 129, 130, 1024, 1500] {
            let times = Self.times(count, &random)
            try roundTrip(times, shape.values(count, &random))
        }
    }

    @Test func aRegularConstantCostsNothing() throws {
        let bytes = encode(
            (0..<1024).map { 1_700_000_000_000 + Int64($0) * 15_000 },
            .init(repeating: 42.5, count: 1024)
        )
        #expect(bytes.count < 40)
    }

    /// Random single and multiple faults; the checksum is left out, as whoever forges a chunk can compute it.
    @Test(arguments: Shape.allCases)
    func damagedBytesAreRefusedOrDecoded(_ shape: Shape) throws {
        var random = SeededGenerator(seed: 23)
        let count = 300
        let good = Array(encode(Self.times(count, &random), shape.values(count, &random)).dropLast(4))
        for _ in 0..<400 {
            var bad = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Either is fine; a trap, a hang, or memory without bound is not.
            if let samples = try? bad.withUnsafeBytes(Chunk.decodeBody) {
                #expect(samples.times.count == samples.values.count)
                #expect(samples.count <= Chunk.maximumCount)
            }
        }
    }

    @Test func madeUpBytesAreRefusedOrDecoded() {
        var random = SeededGenerator(seed: 29)
        for _ in 0..<3000 {
            var bytes = (0..<Int.random(in: 0...64, using: &random))
                .map { _ in UInt8.random(in: 0...255, using: &random) }
            if !bytes.isEmpty { bytes[0] = 1 }
            _ = try? bytes.withUnsafeBytes(Chunk.decodeBody)
            var columns = LogBatch.Columns()
            _ = try? bytes.withUnsafeBytes { try LogBatch.decodeBody($0, into: &columns) }
            _ = try? bytes.withUnsafeBytes { try SeriesKey(encoded: $0) }
        }
    }

    @Test func everyPrefixIsRefused() throws {
        var random = SeededGenerator(seed: 31)
        let good = encode(Self.times(200, &random), Shape.latency.values(200, &random))
        for length in 0..<good.count {
            #expect(throws: Malformed.self) { try good[..<length].withUnsafeBytes(Chunk.decode) }
            let body = good[..<min(length, good.count - 5)]
            #expect(throws: Malformed.self) { try body.withUnsafeBytes(Chunk.decodeBody) }
        }
    }

    @Test func aFlippedBitIsNoticed() throws {
        let good = encode([1, 2, 3, 5], [1.5, 2.5, 3.5, 4.5])
        for position in good.indices {
            for bit in 0..<8 {
                var bad = good
                bad[position] ^= 1 << UInt8(bit)
                #expect(throws: Malformed.self) { try bad.withUnsafeBytes(Chunk.decode) }
            }
        }
    }

    // MARK: Help

    static func times(_ count: Int, _ random: inout SeededGenerator) -> [Int64] {
        var time = Int64.random(in: -1_000_000...2_000_000_000_000, using: &random)
        let jitter = Int64.random(in: 0...1000, using: &random)
        return (0..<count)
            .map { _ in
                time += 15_000 + Int64.random(in: 0...jitter, using: &random)
                return time
            }
    }

    func encode(_ times: [Int64], _ values: [Double]) -> [UInt8] {
        times.withUnsafeBufferPointer { times in
            values.withUnsafeBufferPointer { Chunk.encode(times: times, values: $0) }
        }
    }

    func roundTrip(_ times: [Int64], _ values: [Double]) throws {
        let decoded = try encode(times, values).withUnsafeBytes(Chunk.decode)
        #expect(decoded.times == times)
        #expect(decoded.values.map(\.bitPattern) == values.map(\.bitPattern))
    }
}

/// Kinds of values that KPIs have, and some that they do not.
enum Shape: CaseIterable {
    case counter
    case gauge
    case latency
    case errorRate
    case pages
    case single
    case noise
    case anyBits
    case sparseOutliers

    func values(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
        var level = 50.0
        return (0..<count)
            .map { _ in
                switch self {
                case .counter:
                    level += Double(Int.random(in: 0..<200_000, using: &random))
                    return level
                case .gauge:
                    level = min(100, max(0, level + Double.random(in: -2...2, using: &random)))
                    return (level * 10).rounded() / 10
                case .latency: return (Double.random(in: 40...160, using: &random) * 1000).rounded() / 1000
                case .errorRate:
                    return Int.random(in: 0..<10, using: &random) > 0
                        ? 0 : (Double.random(in: 0...0.02, using: &random) * 1e4).rounded() / 1e4
                case .pages: return Double(Int.random(in: 1000...5000, using: &random) * 4096)
                case .single: return Double(Float.random(in: 0...1, using: &random))
                case .noise: return Double.random(in: -1...1, using: &random)
                case .anyBits: return Double(bitPattern: random.next())
                case .sparseOutliers:
                    return Int.random(in: 0..<50, using: &random) > 0 ? 1 : Double(random.next() >> 13)
                }
            }
    }
}
