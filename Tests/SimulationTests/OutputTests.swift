import Decision
import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

struct OutputTests {
    private struct Record: Codable, Equatable {
        var name: String
        var number: Double
        var list: [Int]
        var maybe: Int?
        var proposal: Proposal.Ask
        var pairs: [[Double]]
    }

    private func record(_ i: Int) -> Record {
        Record(
            name: "line \(i) \"quoted\" \\ \n tab\t \u{1} ü 漢 🎭",
            number: Double(i) / 3,
            list: Array(0..<i % 5),
            maybe: i % 2 == 0 ? i : nil,
            proposal: i % 3 == 0 ? .hold(.in) : .scaleBy(.fraction(0.2)),
            pairs: [[], [1, 2.5], [-0.0, 1e300]]
        )
    }

    @Test func timelinesAreTheSameToTheByte() throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b"] {
            var writer = try TimelineWriter(path: folder.file(name))
            for i in 0..<50_000 { try writer.append(label: "t\(i)", ready: i, billed: i + 1) }
            try writer.close()
        }
        let a = try String(contentsOfFile: folder.file("a"), encoding: .utf8)
        #expect(try String(contentsOfFile: folder.file("b"), encoding: .utf8) == a)
        #expect(a.hasPrefix("timestamp,ready,billed\nt0,0,1\nt1,1,2\n") && a.hasSuffix("\nt49999,49999,50000\n"))
    }

    @Test func outputsThatCannotBeWrittenSayWhy() throws {
        let folder = try TemporaryFolder()
        for path in [folder.file("no/such/folder"), folder.path] {
            do {
                _ = try TimelineWriter(path: path)
                Issue.record("no error")
            } catch {
                #expect("\(error)".hasPrefix(path + ": error: cannot be opened"))
            }
        }
    }

    @Test func jsonIsWhatFoundationReadsBack() throws {
        for i in 0..<40 {
            let json = try JSONLineEncoder.encode(record(i))
            #expect(!json.contains(10))
            #expect(try JSONDecoder().decode(Record.self, from: Data(json)) == record(i))
        }
        #expect(
            String(decoding: try JSONLineEncoder.encode([1, 2.5, 1e21, .nan]), as: UTF8.self) == #"[1,2.5,1e+21,"nan"]"#
        )
        #expect(String(decoding: try JSONLineEncoder.encode([[Int]]()), as: UTF8.self) == "[]")
        #expect(String(decoding: try JSONLineEncoder.encode(["a": [nil, 1]]), as: UTF8.self) == #"{"a":[null,1]}"#)
    }

    @Test func decisionsReadBackAsTheyWere() throws {
        let folder = try TemporaryFolder()
        let writer = try DecisionLogWriter(path: folder.file("d"))
        let input = DecisionInput(
            observation: Observation(
                fleet: "f",
                now: Workload.monday,
                demand: .blind(status: "missing", last: 3.5),
                resources: [ResourceGroup(persona: "web", state: .starting, since: Workload.monday, count: 2)],
                leadTime: .minutes(10),
                interval: .minutes(1),
                past: [PastDecision(at: Workload.monday, target: 3, need: 4)]
            ),
            outlook: DemandOutlook(
                model: "ridge",
                trust: 0.75,
                origin: Workload.monday,
                step: .minutes(1),
                quantile: 0.95,
                values: [1.5, .infinity],
                medians: [1, 2]
            ),
            policies: [
                PolicyOutcome(
                    policy: "p",
                    ending: .proposed([Proposal(policy: "p", ask: .scaleTo(3), reason: "r")]),
                    transcript: [TranscriptLine(call: "c", answer: "a")]
                )
            ],
            rules: FleetRules(
                personas: [],
                limits: Limits(min: 2, stepUp: RateLimit(amount: .fraction(1), window: .minutes(1)))
            )
        )
        try writer.append(input, at: Workload.monday, label: "2026-03-02T00:00:00")
        try writer.close()
        let reader = try DecisionLogReader(path: folder.file("d"))
        let line = try #require(try reader.line(at: Workload.monday))
        #expect(line.time == "2026-03-02T00:00:00")
        #expect(try reader.decode(DecisionInput.self, line) == input)
    }

    @Test(arguments: [0, 1, 2, 3, 100, 2000])
    func recordsAreFoundByTime(count: Int) throws {
        let folder = try TemporaryFolder()
        let writer = try DecisionLogWriter(path: folder.file("d"))
        func time(_ i: Int) -> Timestamp { Workload.monday + .minutes(Int64(i) * 2) }
        for i in 0..<count { try writer.append(record(i), at: time(i), label: "step \(i)") }
        try writer.close()

        let reader = try DecisionLogReader(path: folder.file("d"))
        #expect(try reader.line(at: Workload.monday - .minutes(1)) == nil)
        for i in stride(from: 0, to: count, by: max(1, count / 40)) {
            for late in [0, 1] as [Int64] {
                let line = try #require(try reader.line(at: time(i) + .minutes(late)))
                #expect(line.at == time(i) && line.time == "step \(i)" && line.exact == (late == 0))
                #expect(try reader.decode(Record.self, line) == record(i))
            }
        }
        var all: [Timestamp] = []
        try reader.readAll { all.append($0.at) }
        #expect(all == (0..<count).map(time))
        #expect(try reader.range() == (count == 0 ? nil : time(0)...time(count - 1)))
    }

    @Test func foreignFilesAreNoDecisionLogs() throws {
        let folder = try TemporaryFolder()
        #expect(throws: OutputError.self) { try DecisionLogReader(path: folder.file("none")) }
        try "hello\nworld\n".write(toFile: folder.file("text"), atomically: true, encoding: .utf8)
        let reader = try DecisionLogReader(path: folder.file("text"))
        #expect(throws: OutputError.self) { try reader.line(at: Workload.monday) }
    }

    @Test func figuresReadAsPeopleWriteThem() {
        #expect(
            Figures.percent(0.0123) == "1.23 %" && Figures.percent(0.00012) == "0.012 %" && Figures.percent(0) == "0 %"
        )
        #expect(Figures.percent(0.5) == "50.0 %")
        #expect(Figures.short(27_800_000) == "27.8M" && Figures.short(999.96) == "1k" && Figures.short(0.5) == "0.5")
        #expect(Figures.fixed(-0.0001, 2) == "0.00" && Figures.fixed(.nan, 2) == "–")
        #expect(Figures.number(1634.4) == "1634" && Figures.number(27.84) == "27.84")
    }
}
