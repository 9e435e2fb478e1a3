import Decision
import Domain
import ScriptProtocol
import TestSupport
import Testing

@testable import Scripting

/// What the host does for a run that looks at much.
struct AnswersTests {
    private static let fleet = Fleet(name: "shop", personas: ["web"], demand: .kpi("request_rate"))

    private func context(_ series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer) -> PolicyContext {
        PolicyContext(fleet: Self.fleet, personas: [], now: Timestamp(milliseconds: 0), capacity: [], series: series)
    }

    @Test func theHostsTimeHasABound() {
        let clock = SteppingClock()
        let context = context { _ in
            clock.advance(by: .milliseconds(300))
            return .missing
        }
        let answers = Answers(context: context, clock: clock)
        let call = HostCall(
            name: "series",
            arguments: .table([
                .init("agg", .string("mean")), .init("kpi", .string("cpu")), .init("window_ms", .integer(3_600_000)),
            ])
        )
        for _ in 0..<7 {
            guard case .value = answers.answer(call) else { return #expect(Bool(false), "it gave up too early") }
        }
        guard case .failure(let message) = answers.answer(call) else { return #expect(Bool(false), "it has no end") }
        #expect(message.contains("the host has spent 2.0 seconds"))
        #expect(clock.now.offset == .milliseconds(2100))
    }

    /// An on-call person reads the first looks, and the one that ended the run.
    @Test func aTranscriptHasABound() {
        let long = String(repeating: "x", count: 400)
        let entries = (0..<2000).map { TranscriptEntry(call: "kpi(\"\(long)\"):p(\($0))", answer: .integer(Int64($0))) }
        let lines = PolicyRunner.lines(entries)
        let bytes = lines.reduce(0) { $0 + $1.call.utf8.count + $1.answer.utf8.count }
        #expect(bytes <= LookLimits.transcriptBytes + 1000)
        #expect(lines.count > 100)
        #expect(lines.dropLast().last == TranscriptLine(call: "…", answer: "more looks than are kept"))
        #expect(lines.last?.answer == "1999")
        // What the last look was at tells whether it was idle.
        let opened = TranscriptEntry(call: "demand", answer: .string("idle"))
        let ended =
            entries + [
                opened, TranscriptEntry(call: "demand:last()", answer: .string("blind: demand has no value: idle")),
            ]
        #expect(PolicyRunner.endedIdle(PolicyRunner.lines(ended)))
        #expect(PolicyRunner.lines(Array(entries.prefix(3))).map(\.answer) == ["0", "1", "2"])
    }
}
