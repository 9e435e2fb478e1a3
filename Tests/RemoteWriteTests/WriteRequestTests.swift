import RemoteWrite
import TestSupport
import Testing

struct WriteRequestTests {
    /// Serialized by Google's protobuf for Python from prompb's schema: two series, an exemplar, a histogram, metadata.
    static let request = bytes(
        hex: """
            0ab5010a180a085f5f6e616d655f5f120c726571756573745f726174650a130a05666c656574120a73746f726566726f6e740a110a0869
            6e7374616e636512057765622d3112100900000000000029401080d0dfb4ab33120710909ee0b4ab33121409000000000000f8bf10fbff
            ffffffffffffff0112090900000000000008401a210a0f0a0874726163655f6964120361626311000000000000f03f1880d0dfb4ab3322
            12080319000000000000f83f7880d0dfb4ab330a3f0a180a085f5f6e616d655f5f120c74656d70c3a97261747572650a110a08696e7374
            616e636512057765622d32121009000000000000f07f1081d0dfb4ab331a1b0801120c726571756573745f726174652209526571756573
            74732e
            """
    )

    @Test func readsWhatProtobufWrites() throws {
        let (series, ignored) = try readAll(Self.request)
        #expect(
            series == [
                ReadSeries(
                    labels: [
                        label("__name__", "request_rate"), label("fleet", "storefront"), label("instance", "web-1"),
                    ],
                    samples: [
                        WireSample(value: 12.5, timestampMs: 1_764_000_000_000),
                        WireSample(value: 0, timestampMs: 1_764_000_010_000),
                        WireSample(value: -1.5, timestampMs: -5),
                        WireSample(value: 3, timestampMs: 0),
                    ]
                ),
                ReadSeries(
                    labels: [label("__name__", "température"), label("instance", "web-2")],
                    samples: [WireSample(value: .infinity, timestampMs: 1_764_000_000_001)]
                ),
            ]
        )
        #expect(ignored.exemplars == 1 && ignored.histograms == 1 && ignored.metadata == 1)
    }

    @Test func writesWhatProtobufWrites() {
        var encoder = WriteRequestEncoder()
        encoder.append(
            labels: [label("instance", "web-1"), label("__name__", "cpu_utilization"), label("fleet", "storefront")],
            samples: [WireSample(value: 0.25, timestampMs: 1_764_000_000_000)]
        )
        #expect(
            encoder.bytes
                == bytes(
                    hex: """
                        0a570a1b0a085f5f6e616d655f5f120f6370755f7574696c697a6174696f6e0a130a05666c656574120a73746f726566726f6e
                        740a110a08696e7374616e636512057765622d31121009000000000000d03f1080d0dfb4ab33
                        """
                )
        )
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (expected, encoder) = randomRequest(&random)
        let plain = try Snappy.decode(encoder.compressed(), limit: 1 << 24)
        let (series, ignored) = try readAll(plain)
        #expect(series == expected)
        #expect(ignored == WriteRequestReader.Ignored())
        #expect(encoder.sampleCount == expected.reduce(0) { $0 + $1.samples.count })
    }

    @Test func everyBitOfAValueSurvives() throws {
        var encoder = WriteRequestEncoder()
        let values = [WireSample.staleMarker, -0.0, .leastNonzeroMagnitude, -.infinity, .nan]
        encoder.append(labels: [label("a", "b")], samples: values.map { WireSample(value: $0, timestampMs: 7) })
        let read = try readAll(encoder.bytes).series[0].samples.map(\.value.bitPattern)
        #expect(read == values.map(\.bitPattern))
        #expect(WireSample.isStaleMarker(Double(bitPattern: read[0])) && !WireSample.isStaleMarker(.nan))
    }

    @Test func samplesBeforeLabelsAreRead() throws {
        // TimeSeries { samples, labels a=b, samples }
        let series = "12 0b 09 000000000000f03f 10 01  0a 06 0a0161 120162  12 0b 09 0000000000000040 10 02"
        let read = try readAll(bytes(hex: "0a 22" + series)).series
        let samples = [WireSample(value: 1, timestampMs: 1), WireSample(value: 2, timestampMs: 2)]
        #expect(read == [ReadSeries(labels: [label("a", "b")], samples: samples)])
    }

    @Test func unknownFieldsArePassedOver() throws {
        // Fields 9 (varint), 10 (fixed64), 11 (fixed32) and 12 (bytes) around an empty series.
        let body = "48 ff01  51 0000000000000000  0a 00  5d 00000000  62 02 ffff"
        #expect(try readAll(bytes(hex: body)).series == [ReadSeries(labels: [], samples: [])])
    }

    @Test(arguments: [
        ("0a", WireError.truncated(at: 1)),
        ("0a05", .truncated(at: 2)),
        ("08 01", .wireType(found: 0, field: 1, at: 0)),
        ("0b", .wireType(found: 3, field: 1, at: 0)),
        ("0a ffffffffffffffffff01", .truncated(at: 11)),
        ("0a ffffffffffffffffff02", .oversizedNumber(at: 1)),
        ("0a 02 0801", .wireType(found: 0, field: 1, at: 2)),
        ("0a 02 1001", .wireType(found: 0, field: 2, at: 2)),
        ("0a 04 12020801", .wireType(found: 0, field: 1, at: 4)),
        ("0a 05 1203090000", .truncated(at: 7)),
        ("0a 06 0a00 1200 0a00", .scatteredLabels(at: 6)),
        ("0a 05 0a03120161", .emptyLabelName(at: 0)),
        ("0a 08 0a06 0a01ff 120161", .notUTF8(at: 0)),
        ("0a 10 0a06 0a0161 120162 0a06 0a0161 120163", .labelTwice(name: "a")),
    ])
    func malformedInputIsNamed(hex: String, error: WireError) {
        #expect(throws: error) { try readAll(bytes(hex: hex)) }
    }

    @Test func mutationsAndTruncationsEndInAnErrorOrAValue() {
        var random = SeededGenerator(seed: 5)
        var errors = 0
        for round in 0..<6000 {
            var mutated = Self.request
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                mutated[Int.random(in: 0..<mutated.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 3 == 0 { mutated.removeLast(Int.random(in: 0...mutated.count, using: &random)) }
            do { _ = try readAll(mutated) } catch { errors += 1 }
        }
        #expect(errors > 1000)
    }

    @Test func noInputIsReadBeyondItsEnd() {
        // Each prefix lies at the very end of an allocation of its own, so that an address checker would see a read behind it.
        for length in 0...Self.request.count {
            _ = try? readAll(Array(Self.request.prefix(length)))
        }
    }

    private func randomRequest(_ random: inout SeededGenerator) -> ([ReadSeries], WriteRequestEncoder) {
        var encoder = WriteRequestEncoder()
        var expected: [ReadSeries] = []
        for number in 0..<Int.random(in: 0...50, using: &random) {
            var labels = [label("__name__", "metric_\(number)")]
            for index in 0..<Int.random(in: 0...9, using: &random) {
                labels.append(label("l\(index)", String(repeating: "é", count: Int.random(in: 1...90, using: &random))))
            }
            let samples = (0..<Int.random(in: 0...9, using: &random))
                .map { _ in
                    WireSample(
                        value: Double.random(in: -1e9...1e9, using: &random),
                        timestampMs: Int64.random(in: .min ... .max, using: &random)
                            >> Int64.random(in: 0..<64, using: &random)
                    )
                }
            encoder.append(labels: labels.shuffled(using: &random), samples: samples)
            expected.append(ReadSeries(labels: labels, samples: samples))
        }
        return (expected, encoder)
    }
}
