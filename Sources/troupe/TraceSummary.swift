import Simulation

/// Many traces under one policy: a row each, and what the ratios come to.
struct TraceSummary: Encodable {
    let results: [BacktestResult]
    /// Traces that could not be run, and why.
    let errors: [String]
    let medianRatio: Double?
    let largestRatio: Double?
    /// Traces on which the policy did better than any setting of the HPA rule.
    let better: Int

    init(_ results: [BacktestResult], errors: [String] = []) {
        self.results = results
        self.errors = errors
        let ratios = results.compactMap(\.ratio).sorted()
        better = ratios.count { $0 < 1 }
        largestRatio = ratios.last
        let middle = ratios.count / 2
        medianRatio =
            ratios.isEmpty ? nil : ratios.count % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2
    }

    func lines(_ style: TerminalStyle) -> [String] {
        var table = TextTable(columns: [
            .left("trace"), .right("shortfall"), .right("unserved"), .right("cost"), .right("total"),
            .right("HPA at best"),
            .right("ratio"),
        ])
        for result in results {
            guard let own = result.comparison.rows.first else { continue }
            table.append(
                TextTable.Row([
                    result.trace, Figures.percent(own.shortfall), Figures.percent(own.unserved),
                    Figures.fixed(own.cost, 3),
                    Figures.fixed(own.total, 3), Figures.fixed(result.comparison.best.total, 3),
                    own.ratio.map { Figures.fixed($0, 3) } ?? "-",
                ])
            )
        }
        var lines = table.lines(style)
        if let medianRatio, let largestRatio {
            lines += [
                "",
                "ratio: median \(Figures.fixed(medianRatio, 3)), largest \(Figures.fixed(largestRatio, 3)), "
                    + "below 1 in \(better) of \(results.count)",
                "It is the regret of the policy as a share of that of HPA at the target that turned out best for the trace.",
            ]
        }
        return lines
    }
}
