import TestSupport
import Testing

@testable import KPIStore

struct LogBatchTests {
    @Test(arguments: Shape.allCases)
    func roundTrip(_ shape: Shape) throws {
        var random = SeededGenerator(seed: 41)
        for count in [1, 2, 500] {
            var columns = LogBatch.Columns()
            for value in shape.values(count, &random) {
                // Runs of one series, and jumps.
                let series = Int64.random(in: 1...3, using: &random)
                columns.append(series: series, time: Int64.random(in: .min ... .max, using: &random), value: value)
            }
            try check(columns)
        }
    }

    @Test func specialValues() throws {
        var columns = LogBatch.Columns()
        for value in ChunkCodecTests.specials { columns.append(series: 1 << 40, time: 0, value: value) }
        try check(columns)
    }

    @Test func damagedBytesAreRefusedOrDecoded() throws {
        var random = SeededGenerator(seed: 43)
        var columns = LogBatch.Columns()
        for value in Shape.gauge.values(200, &random) {
            columns.append(series: Int64.random(in: 1...20, using: &random), time: 1_700_000_000_000, value: value)
        }
        let good = LogBatch.encode(columns, 0..<columns.count)
        #expect(good.count < columns.count * 5)
        for _ in 0..<1000 {
            var bad = Array(good.dropLast(4))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var decoded = LogBatch.Columns()
            _ = try? bad.withUnsafeBytes { try LogBatch.decodeBody($0, into: &decoded) }
            #expect(decoded.count <= LogBatch.maximumCount)
        }
        for length in 0..<good.count {
            var decoded = LogBatch.Columns()
            #expect(throws: Malformed.self) {
                try good[..<length].withUnsafeBytes { try LogBatch.decode($0, into: &decoded) }
            }
        }
    }

    private func check(_ columns: LogBatch.Columns) throws {
        var decoded = LogBatch.Columns()
        try LogBatch.encode(columns, 0..<columns.count).withUnsafeBytes { try LogBatch.decode($0, into: &decoded) }
        #expect(decoded.series == columns.series)
        #expect(decoded.times == columns.times)
        #expect(decoded.values.map(\.bitPattern) == columns.values.map(\.bitPattern))
    }
}
