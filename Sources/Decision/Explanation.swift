/// The decision step by step, in words.
package func explain(_ record: DecisionRecord) -> [String] {
    [record.decision.reason] + record.decision.steps.map { "\($0.rule): \($0.before) → \($0.after): \($0.reason)" }
}
