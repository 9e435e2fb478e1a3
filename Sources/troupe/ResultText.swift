import Simulation

/// A backtest's result as a person reads it in the terminal: the rules, the table, what was decided, where it was written.
struct ResultText {
    private let result: BacktestResult

    init(_ result: BacktestResult) { self.result = result }

    func lines(_ style: TerminalStyle) -> [String] {
        var lines = [style.paint("\(result.fleet): \(result.policy)", .normal, bold: true)]
        let width = result.facts.map(\.name.count).max() ?? 0
        for fact in result.facts {
            lines.append("  " + style.paint(TextWidth.pad(fact.name, to: width), .dim) + "  " + fact.text)
        }
        lines.append("")
        lines += result.comparison.table().lines(style)
        lines += ["", result.comparison.note]
        let counts = result.decisions.map { "\($0.count) \($0.outcome)" }.joined(separator: ", ")
        lines.append("decisions: \(counts)")
        if result.troubles > 0 {
            lines.append(
                style.paint(
                    "\(result.troubles) decisions in which a policy was blind or failed: `troupe explain DIR TIMESTAMP` says why",
                    .yellow
                )
            )
        }
        if !result.files.isEmpty { lines.append("written: \(result.files.joined(separator: ", "))") }
        return lines
    }
}
