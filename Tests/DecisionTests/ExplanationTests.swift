import Decision
import Domain
import Testing

/// One decision in words, for someone on call.
struct ExplanationTests {
    private func record() -> DecisionRecord {
        var situation = Situation(ready: 10, starting: 2, ahead: Array(repeating: 1790, count: 7))
        situation.rules.limits = Limits(
            min: 2,
            max: 200,
            stepUp: RateLimit(amount: .fraction(0.25), window: .minutes(1)),
            settle: .minutes(5)
        )
        situation.remember((20, 12), (1, 12))
        situation.policies = [
            PolicyOutcome(
                policy: "latency-guard",
                ending: .proposed([
                    Proposal(policy: "latency-guard", ask: .scaleBy(.fraction(0.2)), reason: "p99 above objective")
                ]),
                transcript: [TranscriptLine(call: "kpi(\"p99\"):mean(\"5m\")", answer: "312")],
                log: ["busy"]
            ),
            PolicyOutcome(policy: "business-hours", ending: .proposed([])),
        ]
        return DecisionRecord(deciding: situation.input)
    }

    @Test func saysWhatWasSeenAskedDecidedAndDone() {
        #expect(
            explain(record()).joined(separator: "\n") == """
                shop at 2026-03-02T12:00:00Z: scale out 12 → 15: demand in 5 min expected at 1,790 (95 %), 100 each; \
                step limit 25%/1m allowed 15 of 18

                What was seen
                  demand      1,000
                  resources   12 asked for: 10 ready, 2 starting
                  capacity    1,000 ready, 1,200 with what is starting (each: web 100)
                  forecast    test, knows demand up to 2026-03-02T12:00:00Z, steps of 1m: 1,790 in 5 min at 95 %, \
                up to 1,790 from now until then
                              1,790 next, 1,790 at its end (95 %)
                  trust       0.9, 0.5 is enough: the forecast may add and remove
                  limits      min 2, max 200, step_up 25%/1m, settle 5m
                  mode        act
                  before      60 s ago: 12 asked for, 12 needed

                What the policies looked at and asked for
                  latency-guard
                    saw kpi("p99"):mean("5m") = 312
                    asks scale_by 20%: p99 above objective
                    logged: busy
                  business-hours
                    asks for nothing

                How the count came about
                  prediction  12 → 18  demand in 5 min expected at 1,790 (95 %), 100 each
                  proposal    18       latency-guard asks scale_by 20% of 10 ready (12): p99 above objective
                  step        18 → 15  step limit 25%/1m allowed 15 of 18
                  in force    min_max, settle: nothing to correct

                What happens
                  start 3 web

                Replay
                  the recorded input leads to the same decision, step by step
                """
        )
    }

    @Test func saysWhereAReplayPartsFromTheRecord() {
        var record = record()
        record.decision.steps[2].after = 16
        let lines = explain(record)
        #expect(
            lines.contains {
                $0.hasPrefix("  this binary decides otherwise over the recorded input: scale out 12 → 15")
            }
        )
        #expect(lines.contains("    recorded: step 18 → 16: step limit 25%/1m allowed 15 of 18"))
        #expect(lines.contains("    replayed: step 18 → 15: step limit 25%/1m allowed 15 of 18"))
    }

    @Test func saysThatWhatIsNotKnownIsNotZero() {
        var situation = Situation(demand: .blind(status: "stale", last: 930))
        situation.policies = [PolicyOutcome(policy: "guard", ending: .blind("p99 is missing"))]
        let lines = explain(DecisionRecord(deciding: situation.input))
        #expect(lines.contains("  demand      not known (stale, last known 930): never read as 0"))
        #expect(lines.contains("  forecast    none: the demand of this moment stands in"))
        #expect(lines.contains("    is blind: p99 is missing"))
    }

    @Test func saysThatADryRunDoesNothing() {
        var situation = Situation(ahead: Array(repeating: 1500, count: 8), trust: 0.2)
        situation.rules.mode = .advise
        let lines = explain(DecisionRecord(deciding: situation.input))
        #expect(lines.contains("  nothing: mode advise only says what it would do"))
        #expect(lines.contains("  start 5 web"))
        #expect(lines.contains { $0.hasPrefix("  trust       0.2, below 0.5: the forecast may add") })
    }
}
