import RemoteWrite
import Testing

struct WireLimitsTests {
    private let limits = WireLimits(
        decompressedBytes: 10_000,
        series: 3,
        samples: 5,
        labels: 2,
        labelNameBytes: 8,
        labelValueBytes: 4
    )

    private func request(series: Int = 1, samples: Int = 1, labels: [WireLabel]) -> [UInt8] {
        var encoder = WriteRequestEncoder()
        for _ in 0..<series {
            encoder.append(
                labels: labels,
                samples: (0..<samples).map { WireSample(value: 1, timestampMs: Int64($0)) }
            )
        }
        return encoder.bytes
    }

    @Test func whatFitsIsTaken() throws {
        let labels = [label("__name__", "cpu4"), label("b", "1234")]
        #expect(try readAll(request(series: 1, samples: 5, labels: labels), limits: limits).series.count == 1)
        #expect(try readAll(request(series: 3, samples: 1, labels: labels), limits: limits).series.count == 3)
    }

    @Test func whatPassesALimitIsRefusedByName() {
        let two = [label("a", "1"), label("b", "2")]
        let cases: [([UInt8], WireError)] = [
            (request(series: 4, labels: two), .tooMuch(.series, found: 4, limit: 3)),
            (request(samples: 6, labels: two), .tooMuch(.samples, found: 6, limit: 5)),
            (request(series: 2, samples: 3, labels: two), .tooMuch(.samples, found: 6, limit: 5)),
            (request(labels: two + [label("c", "3")]), .tooMuch(.labels, found: 3, limit: 2)),
            (request(labels: [label("ninebytes", "1")]), .tooMuch(.labelName, found: 9, limit: 8)),
            (request(labels: [label("a", "fives")]), .tooMuch(.labelValue, found: 5, limit: 4)),
        ]
        for (bytes, error) in cases {
            #expect(throws: error) { try readAll(bytes, limits: limits) }
        }
    }

    @Test func errorsSayWhatAndHowMuch() {
        let error = WireError.tooMuch(.samples, found: 6, limit: 5)
        #expect(error.description == "Too many samples in a request: 6, at most 5 are taken.")
    }
}
