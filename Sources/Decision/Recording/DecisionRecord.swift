/// A decision with all that it depended on: one line of `decisions.jsonl`, and what a replay needs.
package struct DecisionRecord: Hashable, Sendable, Codable {
    package var input: DecisionInput
    package var decision: Decision

    package init(input: DecisionInput, decision: Decision) {
        self.input = input
        self.decision = decision
    }

    /// Decides and keeps what was decided on.
    package init(deciding input: DecisionInput) {
        self.init(input: input, decision: decide(input))
    }

    /// Decides again over the recorded input.
    package func replay() -> Decision { decide(input) }

    /// The same input still leads to the recorded decision, each step of it included.
    package var isReproduced: Bool { replay() == decision }
}
