import Decision
import Domain
import Foundation
import Testing

/// What is written into `decisions.jsonl`: short, readable, and exact.
struct RecordingTests {
    private func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private func roundTrips<Value: Codable & Equatable>(_ value: Value, as expected: String) throws {
        #expect(try text(value) == expected)
        #expect(try read(Value.self, expected) == value)
    }

    @Test(arguments: [
        0.1 + 0.2, 1.0 / 3, .pi, 1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 9_007_199_254_740_992, 1e22,
        -0.0, 0, 120, .infinity, -.infinity, .nan, -1234.5678e-9,
    ])
    func everyNumberComesBackAsItWas(_ number: Double) throws {
        let back = try read(ExactNumber.self, try text(ExactNumber(number))).value
        #expect(back.isNaN ? number.isNaN : back.bitPattern == number.bitPattern)
        let reading = try read(Reading.self, try text(Reading.value(number)))
        guard case .value(let value) = reading else {
            Issue.record("\(reading)")
            return
        }
        #expect(value.isNaN ? number.isNaN : value.bitPattern == number.bitPattern)
    }

    @Test(arguments: [Int.min, .max, -1, 0, 1, 9_007_199_254_740_993]) func everyCountComesBackAsItWas(_ count: Int)
        throws
    {
        try roundTrips(PersonaCount(persona: "web", count: count), as: "[\"web\",\(count)]")
        try roundTrips(ScaleAmount.count(count), as: "\(count)")
        try roundTrips(
            PastDecision(at: Timestamp(milliseconds: Int64(count)), target: count, need: count),
            as: "[\(count),\(count),\(count)]"
        )
    }

    @Test func likeThingsAreRows() throws {
        let since = Timestamp(milliseconds: 5)
        try roundTrips(
            ResourceGroup(persona: "web", state: .starting, since: since, count: 3),
            as: #"["web","starting",5,3]"#
        )
        try roundTrips(
            ResourceGroup(persona: "web", state: .ready, since: since, count: 3, managed: false),
            as: #"["web","ready",5,3,"unmanaged"]"#
        )
        try roundTrips(PastDecision(at: since, target: 4, need: 3, removed: 2), as: "[5,4,3,2]")
        try roundTrips(TraceStep(rule: "step", before: 18, after: 15, reason: "why"), as: #"["step",18,15,"why"]"#)
        try roundTrips(TranscriptLine(call: "cpu:last()", answer: "0.5"), as: #"["cpu:last()","0.5"]"#)
        try roundTrips(FreezeWindow(from: since, to: since + .seconds(1), allow: .out), as: #"[5,1005,"out"]"#)
    }

    @Test(arguments: [
        (Proposal.Ask.scaleTo(3), #""scale_to":3"#),
        (.scaleToMix([PersonaCount(persona: "web", count: 2)]), #""mix":[["web",2]]"#),
        (.scaleBy(.fraction(0.2)), #""scale_by":{"fraction":0.2}"#), (.scaleBy(.count(-2)), #""scale_by":-2"#),
        (.atLeast(4), #""at_least":4"#), (.atMost(9), #""at_most":9"#), (.hold(.both), #""hold":"both""#),
        (.hold(.in), #""hold":"in""#),
        (.assign(resource: "vm-1", persona: "web", duration: .seconds(2)), #""assign":"vm-1""#),
    ])
    func proposalsAreWrittenAsInAPolicy(_ ask: Proposal.Ask, _ words: String) throws {
        let proposal = Proposal(policy: "guard", ask: ask, reason: "why")
        let text = try text(proposal)
        #expect(text.contains(words))
        #expect(try read(Proposal.self, text) == proposal)
    }

    @Test func limitsAreWrittenAsInAFleet() throws {
        try roundTrips(Limits(min: 2), as: #"{"min":2}"#)
        try roundTrips(
            Limits(
                min: 2,
                max: 9,
                stepUp: RateLimit(amount: .fraction(1), window: .minutes(1)),
                stepDown: RateLimit(amount: .count(2), window: .minutes(5)),
                settle: .minutes(5),
                reversals: CountLimit(count: 2, window: .hours(1)),
                removals: nil,
                costPerHour: 0.1 + 0.2
            ),
            as: #"{"cost_per_hour":0.30000000000000004,"max":9,"min":2,"reversals":[2,3600000],"settle":300000,"#
                + #""step_down":[2,300000],"step_up":[{"fraction":1},60000]}"#
        )
    }

    @Test func howAPolicyEndedComesBack() throws {
        for ending in [PolicyOutcome.Ending.proposed([]), .blind("p99 is missing"), .failed("line 3: nil")] {
            let outcome = PolicyOutcome(
                policy: "guard",
                ending: ending,
                transcript: [TranscriptLine(call: "a", answer: "b")],
                log: ["said"]
            )
            #expect(try read(PolicyOutcome.self, try text(outcome)) == outcome)
        }
    }

    @Test func whatSaysNothingIsLeftOut() throws {
        let text = try text(DecisionRecord(deciding: Situation().input))
        for key in ["past", "policies", "outlook", "merge_hook", "mix_hook", "freeze", "paused", "plan\":"] {
            #expect(!text.contains("\"\(key)"), "\(key)")
        }
    }

    @Test func whatIsNoRecordIsAnErrorThatSaysWhere() {
        #expect(throws: DecodingError.self) { try read(Reading.self, #""lots""#) }
        #expect(throws: DecodingError.self) { try read(ResourceGroup.self, #"["web","asleep",5,3]"#) }
        #expect(throws: DecodingError.self) { try read(Proposal.self, #"{"policy":"guard","reason":"none"}"#) }
        #expect(throws: DecodingError.self) { try read(PastDecision.self, "[1,2]") }
        #expect(throws: DecodingError.self) { try read(ScaleAmount.self, #"{"share":1}"#) }
    }

    @Test func aChangedDecisionIsNotReproduced() {
        var record = DecisionRecord(deciding: Situation(ahead: [1500]).input)
        #expect(record.isReproduced)
        record.decision.steps[0].reason += "?"
        #expect(!record.isReproduced)
        #expect(record.replay() != record.decision)
    }
}
