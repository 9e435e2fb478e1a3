/// What a backtest reports: the scorecards of the policy and of its rivals, and what was in force.
package struct BacktestResult: Sendable, Codable {
    /// How often one outcome was decided.
    package struct Count: Sendable, Codable, Hashable {
        package let outcome: String
        package let count: Int
    }

    package let fleet: String
    package let policy: String
    package let trace: String
    /// The scenario and the limits in force, as name and text.
    package let facts: [ReportFact]
    package let decisions: [Count]
    /// Steps in which a policy could not see what it needs, or failed.
    package let troubles: Int
    package let comparison: Comparison
    /// Regret of the policy over that of the HPA rule at the target that turns out best for this trace; nil where that has none.
    package var ratio: Double? { comparison.rows.first?.ratio }
    /// What was written, if anything.
    package let files: [String]
}
