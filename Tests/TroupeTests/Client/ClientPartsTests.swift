import Domain
import Foundation
import Testing

@testable import troupe

struct ClientPartsTests {
    private func batches(_ text: String, mostLines: Int = 3, chunk: Int = 7) throws -> (
        numbers: [[Int]], lines: [String], tooLong: [Int]
    ) {
        var rest = Array(text.utf8)[...]
        var batches = LineBatches(mostLines: mostLines) {
            defer { rest = rest.dropFirst(chunk) }
            return Data(rest.prefix(chunk))
        }
        var numbers: [[Int]] = []
        var lines: [String] = []
        while let batch = try batches.next() {
            numbers.append(batch.map(\.number))
            lines += batch.map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        return (numbers, lines, batches.tooLong)
    }

    @Test func linesKeepTheirNumbersAndBatchesTheirSize() throws {
        let found = try batches("# a\n\none 1\ntwo 2\n  \r\nthree 3\nfour 4\nfive 5")
        #expect(found.numbers == [[3, 4, 6], [7, 8]])
        #expect(found.lines == ["one 1", "two 2", "three 3", "four 4", "five 5"])
        #expect(try batches("").numbers.isEmpty)
        #expect(try batches("\n\n#x").numbers.isEmpty)
    }

    @Test(arguments: [1, 1000, 70_000])
    func aLineWithoutEndIsPassedOver(_ chunk: Int) throws {
        let long = String(repeating: "x", count: 130_000)
        let found = try batches("a 1\n\(long)\nb 2\n\(long)", chunk: chunk)
        #expect(found.numbers == [[1, 3]])
        #expect(found.tooLong == [2, 4])
    }

    @Test func momentsAreReadAsPeopleWriteThem() throws {
        let zoned = try #require(MomentArgument(argument: "2026-03-02T09:00:00+01:00"))
        #expect(zoned.query == "2026-03-02T08:00:00Z")
        #expect(MomentArgument(argument: "1772452800")?.query == "2026-03-02T12:00:00Z")
        let ago = try #require(MomentArgument(argument: "90m"))
        #expect(abs((Moment.now.time - ago.time).milliseconds - 5_400_000) < 60_000)
        let local = try #require(MomentArgument(argument: "2026-03-02 09:00"))
        #expect(Moment(local.time).local.hasPrefix("2026-03-02T09:00:00"))
        for text in ["soon", "", "-5m", "2026-13-01", "99"] {
            #expect(MomentArgument(argument: text) == nil, "\(text)")
        }
    }

    @Test func spansAreSaidAsTheAPITakesThem() {
        #expect(SpanArgument(argument: "1.5h")?.query == "90m")
        #expect(SpanArgument(argument: "2w")?.query == "14d")
        for text in ["0s", "-1m", "5", "5 parsecs"] { #expect(SpanArgument(argument: text) == nil, "\(text)") }
    }

    @Test func labelsAreReadWholeOrNotAtAll() throws {
        #expect(LabelsArgument(argument: "zone=a,tier=web")?.labels == ["zone": "a", "tier": "web"])
        for text in ["", "zone", "=a", "zone=a,", "zone=a=b", "zone=a,zone=b"] {
            #expect(LabelsArgument(argument: text) == nil, "\(text)")
        }
        #expect(try LabelsArgument.query(LabelsArgument(argument: "zone=a"), fleet: "shop") == "fleet=shop,zone=a")
        #expect(try LabelsArgument.query(nil, fleet: nil) == nil)
    }

    @Test func pathsAndQueriesAreEscapedWhole() {
        #expect(APIClient.escape("a/b ?&=%ä") == "a%2Fb%20%3F%26%3D%25%C3%A4")
    }

    @Test func asparklineShowsTheShapeAndItsHoles() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 8, unicode: true) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([0, .nan, 7], width: 8, unicode: true) == "▁ █")
        #expect(Sparkline.text([5, 5], width: 8, unicode: true) == "▅▅")
        #expect(Sparkline.text([.nan], width: 8, unicode: true) == nil)
        #expect(Sparkline.text([1], width: 8, unicode: false) == nil)
    }
}
