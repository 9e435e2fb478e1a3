import Decision
import Domain
import Foundation
import TestSupport
import Testing

/// What holds for whatever a decision is given.
struct DecisionPropertyTests {
    @Test func neverTrapsAndCountsStayCounts() {
        var outcomes: Set<String> = []
        for any in AnyCase.all {
            let decision = any.decision
            outcomes.insert(decision.outcome.rawValue)
            for count in [decision.current, decision.target, decision.need] {
                any.expect((0...1_000_000_000).contains(count))
            }
            any.expect(
                decision.plan.start.allSatisfy { $0.count > 0 } && decision.plan.retire.allSatisfy { $0.count > 0 }
            )
        }
        #expect(outcomes.count == 6, "the inputs reach every outcome, or this tests less than it says: \(outcomes)")
    }

    @Test func theTraceIsAConnectedChainFromCurrentToTarget() {
        for any in AnyCase.all {
            let decision = any.decision
            var count = decision.current
            for step in decision.steps {
                any.expect(step.before == count, "\(step)")
                count = step.after
            }
            any.expect(count == decision.target)
            any.expect(decision.steps.last?.rule == "plan")
            any.expect(decision.steps.allSatisfy { !$0.reason.isEmpty } && !decision.reason.isEmpty)
        }
    }

    /// Min and max hold but for what a person said, and for a fleet that comes down to its maximum at the pace that its limits allow.
    @Test func minAndMaxHold() {
        for any in AnyCase.all {
            let (input, decision) = (any.input, any.decision)
            let rules = input.rules
            let isFrozen = rules.freeze.contains { $0.from <= input.observation.now && input.observation.now < $0.to }
            let least = min(max(rules.limits.min, 0), 1_000_000_000)
            let most = max(least, rules.limits.max.map { min(max($0, 0), 1_000_000_000) } ?? .max)
            any.expect(decision.target <= max(most, decision.current))
            // Draining a fleet that is not ours may not be possible, nor starting one without personas.
            guard !rules.isPaused, !isFrozen, !rules.personas.isEmpty else { continue }
            any.expect(decision.target >= least)
        }
    }

    @Test func aPausedOrFullyFrozenFleetChangesNothing() {
        for any in AnyCase.all {
            let (input, decision) = (any.input, any.decision)
            let now = input.observation.now
            let isFrozen = input.rules.freeze.contains { $0.from <= now && now < $0.to && $0.allow == .nothing }
            guard input.rules.isPaused || isFrozen else { continue }
            any.expect(decision.plan.isEmpty && decision.target == decision.current && decision.outcome == .hold)
        }
    }

    @Test func modesThatOnlySayHaveNoPlanAndUseUpNothing() {
        for any in AnyCase.all {
            let (input, decision) = (any.input, any.decision)
            guard input.rules.mode == .advise || input.rules.mode == .observe else { continue }
            any.expect(decision.plan == Plan())
            any.expect(decision.past.target == decision.current && decision.past.removed == 0)
        }
    }

    @Test func thePlanLeadsToTheTarget() {
        for any in AnyCase.all where !any.isAbsurd {
            let decision = any.decision
            guard decision.outcome != .advise else { continue }
            let started = decision.plan.start.reduce(0) { $0 + $1.count }
            let retired = decision.plan.retire.reduce(0) { $0 + $1.count }
            any.expect(decision.current + started - retired == decision.target)
        }
    }

    @Test func whatRetiresIsThereAndOurs() {
        for any in AnyCase.all where !any.isAbsurd {
            let (input, decision) = (any.input, any.decision)
            for group in decision.plan.retire {
                let there = input.observation.resources.reduce(0) { sum, other in
                    other.persona == group.persona && other.state == group.state && other.since == group.since
                        && other.managed ? sum + other.count : sum
                }
                let retired = decision.plan.retire.reduce(0) { sum, other in
                    other.persona == group.persona && other.state == group.state && other.since == group.since
                        ? sum + other.count : sum
                }
                any.expect(retired <= there)
                any.expect(group.state == .ready || group.state == .starting)
            }
        }
    }

    @Test func whatStartsIsOneOfTheFleetsPersonas() {
        for any in AnyCase.all {
            let (input, decision) = (any.input, any.decision)
            let names = input.rules.personas.map(\.name)
            for part in decision.plan.start { any.expect(names.contains(part.persona)) }
            for assignment in decision.plan.assign { any.expect(names.contains(assignment.persona)) }
        }
    }

    @Test func equalInputsGiveEqualDecisions() {
        for any in AnyCase.all {
            let (input, decision) = (any.input, any.decision)
            any.expect(decide(input) == decision)
        }
    }

    @Test func anyDecisionCanBeExplained() {
        for any in AnyCase.all where any.seed % 5 == 0 {
            let lines = explain(DecisionRecord(input: any.input, decision: any.decision))
            any.expect(lines.first?.hasSuffix(any.decision.reason) ?? false)
            any.expect(lines.last == "  the recorded input leads to the same decision, step by step")
        }
    }

    /// What is written down is all that the decision depended on.
    @Test func aRecordedDecisionReplaysToTheByte() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let decoder = JSONDecoder()
        for any in AnyCase.all where any.seed % 5 < 2 {
            let (input, decision) = (any.input, any.decision)
            let bytes = try encoder.encode(DecisionRecord(input: input, decision: decision))
            let record = try decoder.decode(DecisionRecord.self, from: bytes)
            any.expect(record.decision == decision)
            any.expect(record.isReproduced)
            any.expect(try encoder.encode(DecisionRecord(deciding: record.input)) == bytes)
        }
    }
}
