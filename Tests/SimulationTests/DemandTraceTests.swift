import Domain
import Foundation
import class TestSupport.TemporaryFolder
import Testing

@testable import Simulation

struct DemandTraceTests {
    /// Rows of an hourly trace of two days; `row` may change each.
    private func hourly(header: String = "timestamp,value\n", _ row: (Int) -> String? = { _ in nil }) -> String {
        let start = Workload.monday
        let lines = (0..<48)
            .map { i in
                row(i) ?? "\(TimeText.iso(start + .hours(Int64(i)))),\(i)"
            }
        return header + lines.joined(separator: "\n") + "\n"
    }

    private func read(_ csv: String) throws -> DemandTrace { try DemandTrace(csv: Array(csv.utf8), file: "d.csv") }

    private func failure(_ csv: String) -> TraceError? { failure(Array(csv.utf8)) }

    private func failure(_ csv: [UInt8]) -> TraceError? {
        do {
            _ = try DemandTrace(csv: csv, file: "d.csv")
            return nil
        } catch { return error }
    }

    // MARK: - What is read

    @Test func readsRowsGapsAndKeepsTimestampsAsTheyAre() throws {
        let trace = try read(hourly { $0 == 3 ? "2026-03-02T03:00:00," : nil })
        #expect(trace.count == 48)
        #expect(trace.step == .hours(1))
        #expect(trace.start == Workload.monday)
        #expect(trace.values[3].isNaN && trace.values[47] == 47)
        #expect(trace.label(at: 47) == "2026-03-03T23:00:00")
    }

    @Test(arguments: [
        "2026-03-02 09:05:00", "2026-03-02T09:05", "2026-03-02T09:05:00Z", "2026-03-02T09:05:00.000",
        "2026-03-02T11:05:00+02:00", "2026-03-02T05:35:00-0330", "2026-03-02 09:05:00 UTC", "1772442300",
        "1772442300000", "1772442300.0",
    ])
    func allThesesAreOneInstant(text: String) {
        #expect(TimeText.parse(text)?.milliseconds == 1_772_442_300_000)
    }

    @Test(arguments: [
        "", "yesterday", "2026-13-01T00:00:00", "2026-02-29T00:00:00", "2026-03-02T24:00:00", "2026-03-02T09:60:00",
        "2026-03-02T09:00:00+2", "2026-3-2", "09:00", "12", "2026-03-02T09:00:00.", "99999999999999999999",
        "2026-03-02T09:00:00+02:00x", "2026-03-02T",
    ])
    func noneOfTheseIsAnInstant(text: String) {
        #expect(TimeText.parse(text) == nil)
    }

    @Test func calendarAgreesWithFoundation() {
        let formatter = ISO8601DateFormatter()
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let seconds = Int64(generator.uniform(in: -11_000_000_000...200_000_000_000))
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            let text = TimeText.iso(Timestamp(milliseconds: seconds * 1000))
            #expect(text + "Z" == expected)
            #expect(TimeText.parse(text)?.milliseconds == seconds * 1000)
        }
    }

    @Test func takesWhatToolsWrite() throws {
        let plain = try read(hourly())
        let variants = [
            hourly(header: ""),
            hourly(header: "\u{FEFF}when,requests per second\n"),
            hourly().replacingOccurrences(of: "\n", with: "\r\n") + "\r\n\r\n",
            String(hourly().dropLast()),
            hourly { "\"\(TimeText.iso(Workload.monday + .hours(Int64($0))))\",\"\($0)\"" },
            hourly { " \(TimeText.iso(Workload.monday + .hours(Int64($0)))) ,\t\($0) " },
        ]
        for csv in variants {
            let trace = try read(csv)
            #expect(trace.values == plain.values)
            #expect(trace.label(at: 5) == "2026-03-02T05:00:00")
        }
    }

    @Test func unixTimesAndZonesKeepTheirText() throws {
        let unix = try read(hourly { "\(1_772_409_600 + 3600 * $0),\($0)" })
        #expect(unix.start == Workload.monday && unix.label(at: 1) == "1772413200")
        let zoned = try read(hourly { "\(TimeText.iso(Workload.monday + .hours(Int64($0))))+01:00,\($0)" })
        #expect(zoned.start == Workload.monday - .hours(1) && zoned.label(at: 0) == "2026-03-02T00:00:00+01:00")
    }

    @Test func findsAStepByItsTextOrAnyTimeInIt() throws {
        let trace = try read(hourly())
        #expect(trace.index(matching: "2026-03-02T05:00:00") == 5)
        #expect(trace.index(matching: "2026-03-02 05:59") == 5)
        #expect(trace.index(matching: "2026-03-01T23:59:00") == nil)
        #expect(trace.index(matching: "2026-03-04T00:00:00") == nil)
        #expect(trace.index(matching: "noon") == nil)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("+1.5", 1.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1.25E-2", 0.0125),
        ("9007199254740993", 9_007_199_254_740_992), ("0.1", 0.1), ("123456789012345678901", 1.2345678901234568e20),
        ("2.2250738585072014e-308", 2.2250738585072014e-308), ("0.30000000000000004", 0.30000000000000004),
    ])
    func numbersAreRoundedAsSwiftRoundsThem(text: String, value: Double) throws {
        #expect(try read(hourly { $0 == 1 ? "2026-03-02T01:00:00,\(text)" : nil }).values[1] == value)
    }

    @Test func randomNumbersReadBackExactly() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next() >> 1)
            guard value.isFinite else { continue }
            let text = Array(value.description.utf8)
            let read = text.withUnsafeBufferPointer { DecimalBytes.parse($0, from: 0, to: $0.count) }
            #expect(read == .value(value), "\(value)")
        }
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("", TraceError.Kind.empty, nil as Int?),
        ("timestamp,value\n", .empty, nil),
        ("timestamp,value\n2026-03-02T00:00:00,1\n", .tooShort, 2),
        ("2026-03-02T00:00:00\n2026-03-02T01:00:00\n", .columns, 1),
        ("timestamp;value\n2026-03-02T00:00:00;1\n", .columns, 1),
        ("timestamp,value,host\n2026-03-02T00:00:00,1,a\n", .columns, 1),
        ("timestamp,value\n2026-03-02T00:00:00,1,2\n", .columns, 2),
        ("timestamp,value\n2026-03-02T00:00:00,\"1,5\"\n", .number, 2),
        ("timestamp,value\nnoon,1\n", .timestamp, 2),
        ("timestamp,value\n2026-03-02T00:00:00,\"1\n", .columns, 2),
    ])
    func smallBrokenFiles(csv: String, kind: TraceError.Kind, line: Int?) {
        let error = failure(csv)
        #expect(error?.kind == kind)
        #expect(error?.line == line)
    }

    @Test(arguments: [
        ("many", TraceError.Kind.number), ("1,5", .columns), ("0x10", .number), ("1_000", .number), ("1e", .number),
        ("-3", .negative), ("-0.001", .negative), ("nan", .notFinite), ("NaN", .notFinite), ("inf", .notFinite),
        ("-Infinity", .notFinite), ("1e999", .notFinite), ("null", .number), ("--1", .number), ("1 2", .number),
    ])
    func brokenValuesAreNamedWithTheirLine(text: String, kind: TraceError.Kind) throws {
        let error = try #require(failure(hourly { $0 == 20 ? "2026-03-02T20:00:00,\(text)" : nil }))
        #expect(error.kind == kind)
        #expect(error.line == 22)
        #expect(error.description.hasPrefix("d.csv:22: error: "))
        #expect(error.description.contains(text.split(separator: ",").first ?? "") && !error.advice.isEmpty)
    }

    @Test func linesAreCountedThroughBlankOnes() throws {
        let csv = "timestamp,value\r\n\r\n\r\n" + hourly(header: "") { $0 == 2 ? "2026-03-02T02:00:00,x" : nil }
        #expect(failure(csv)?.line == 6)
    }

    @Test func orderIsChecked() {
        #expect(failure(hourly { $0 == 9 ? "2026-03-02T08:00:00,1" : nil })?.kind == .duplicate)
        let unsorted = failure(hourly { $0 == 9 ? "2026-03-02T05:00:00,1" : nil })
        #expect(unsorted?.kind == .unsorted && unsorted?.line == 11)
    }

    @Test func aBreakOfTheGridIsNamedWithTheStepAndTheWayOut() throws {
        var lines = hourly().split(separator: "\n").map(String.init)
        lines.removeSubrange(11...12)
        let missing = try #require(failure(lines.joined(separator: "\n")))
        #expect(missing.kind == .irregular && missing.line == 12)
        #expect(missing.message.contains("2026-03-02T12:00:00 comes 3 h after") && missing.message.contains("1 h"))
        #expect(missing.advice.contains("2 rows between"))

        let odd = try #require(failure(hourly { $0 == 30 ? "2026-03-03T06:10:00,1" : nil }))
        #expect(odd.kind == .irregular && odd.line == 32 && odd.message.contains("70 min"))
    }

    /// The step is what most rows keep, not what the first two happen to have.
    @Test func aMissingSecondRowIsNotTakenForTheStep() throws {
        var lines = hourly().split(separator: "\n").map(String.init)
        lines.remove(at: 2)
        let error = try #require(failure(lines.joined(separator: "\n")))
        #expect(error.line == 3 && error.message.contains("comes 2 h after"))
    }

    @Test func shortOnesAndEmptyOnesAreRefused() {
        let short = failure(hourly { $0 < 23 ? nil : "" })
        #expect(short?.kind == .tooShort && short?.message.contains("23 rows, 1 h apart, are 23 h") == true)
        let days = (2...9).map { "2026-03-0\($0),1" }.joined(separator: "\n")
        #expect(failure(days)?.kind == .tooShort)
        #expect(failure(hourly { "\(TimeText.iso(Workload.monday + .hours(Int64($0))))," })?.kind == .gapsOnly)
    }

    @Test func whatIsNoTextIsSaidToBeNone() {
        let csv = hourly()
        #expect(failure([0xFF, 0xFE] + Array(csv.utf8).flatMap { [$0, 0] })?.kind == .notText)
        #expect(failure([0x1F, 0x8B, 8, 0])?.kind == .notText)
        #expect(failure([UInt8](repeating: 65, count: 100_000))?.kind == .notText)
        let latin = Array("timestamp,gr\u{F6}\u{DF}e\n".unicodeScalars.map { UInt8($0.value) })
        #expect(failure(latin + Array(hourly(header: "").utf8))?.kind == .notText)
        var cell = Array(csv.utf8)
        cell[cell.count - 2] = 0xE9
        #expect(failure(cell)?.line == 49)
        #expect(failure((0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ 17) }) != nil)
    }

    /// Any bytes are answered by a trace or by an error, never by a trap.
    @Test func randomDamageNeverTraps() {
        var generator = SeededGenerator(seed: 11)
        let good = Array(hourly().utf8)
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<Int(generator.uniform(in: 1...8)) {
                let at = Int(generator.uniform() * Double(bytes.count))
                if generator.uniform() < 0.3 {
                    bytes.removeSubrange(at..<min(bytes.count, at + 20))
                } else {
                    bytes[at] = UInt8(truncatingIfNeeded: generator.next())
                }
            }
            if let error = failure(bytes) { #expect(!error.message.isEmpty && !error.advice.isEmpty) }
        }
    }

    @Test func missingFilesAndFoldersAreTold() throws {
        let folder = try TemporaryFolder()
        func kind(_ path: String) -> TraceError.Kind? {
            do {
                _ = try DemandTrace(contentsOf: path)
                return nil
            } catch { return error.kind }
        }
        #expect(kind(folder.file("nothing.csv")) == .missing)
        #expect(kind(folder.path) == .folder)
    }

    /// Lines are the same wherever the blocks that a file is read in happen to end.
    @Test func largeFilesReadAsSmallOnes() throws {
        let folder = try TemporaryFolder()
        let trace = try #require(Workload.preset("demo-week")).trace(named: "demo")
        var text = ""
        while text.utf8.count < 1 << 20 { text += "\n" }
        try Data((text + trace.csv).utf8).write(to: URL(fileURLWithPath: folder.file("demo.csv")))
        let read = try DemandTrace(contentsOf: folder.file("demo.csv"))
        #expect(read.values == trace.values && read.step == trace.step && read.name == "demo.csv")
        #expect((0..<read.count).allSatisfy { read.label(at: $0) == trace.label(at: $0) })
    }
}
