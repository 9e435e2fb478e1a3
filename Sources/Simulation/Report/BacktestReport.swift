import Domain
import Foundation
import Mustache

/// A name and what is to be known of it, as the report lists the scenario.
package struct ReportFact: Hashable, Sendable, Codable {
    package let name: String
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// `report.html`: a backtest as one page that needs nothing but a browser.
///
/// It loads no other file and asks no server.
package struct BacktestReport {
    /// Fleet and policy.
    package var title: String
    /// What was run, in a sentence; may be empty.
    package var subtitle: String
    /// Scenario and limits in force.
    package var facts: [ReportFact]
    package var comparison: Comparison
    package var scenario: BacktestScenario
    package var series: ReportSeries

    package init(
        title: String,
        subtitle: String = "",
        facts: [ReportFact],
        comparison: Comparison,
        scenario: BacktestScenario,
        series: ReportSeries
    ) {
        self.title = title
        self.subtitle = subtitle
        self.facts = facts
        self.comparison = comparison
        self.scenario = scenario
        self.series = series
    }

    package func html() throws -> String {
        let template = try MustacheTemplate(string: ReportTemplate.page)
        let trace = scenario.trace
        let own = comparison.rows.first
        let context: [String: Any] = [
            "title": title,
            "subtitle": subtitle,
            "trace": trace.name,
            "period":
                "\(trace.label(at: scenario.firstScored)) to \(trace.label(at: max(0, trace.count - 1)))",
            "tiles": own.map(tiles(_:)) ?? [],
            "rows": rows(),
            "facts": facts.map { ["name": $0.name, "text": $0.text] },
            "bestTarget": "\(Int((comparison.bestTarget * 100).rounded())) %",
            "price": Figures.number(scenario.price),
            "style": ReportStyle.css,
            "script": ReportScript.js,
            "data": try ReportData(scenario: scenario, series: series).json(),
        ]
        return template.render(context)
    }

    package func write(to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(try html().utf8)
        try file.close()
    }

    private func tiles(_ card: Scorecard) -> [[String: Any]] {
        let best = comparison.best
        var tiles: [[String: Any]] = []
        func add(_ name: String, _ value: String, _ beside: String, good: Bool?) {
            tiles.append([
                "name": name, "value": value, "beside": beside,
                "tone": good.map { $0 ? "good" : "poor" } ?? "",
            ])
        }
        if let ratio = card.ratio {
            add(
                "Regret ratio",
                Figures.fixed(ratio, 2),
                ratio < 1 ? "better than any HPA setting" : "HPA at its best would be 1.00",
                good: ratio < 1
            )
        }
        add(
            "Steps with a shortfall",
            Figures.percent(card.shortfall),
            "HPA at its best: \(Figures.percent(best.shortfall))",
            good: nil
        )
        add(
            "Unserved demand",
            Figures.percent(card.unserved),
            "HPA at its best: \(Figures.percent(best.unserved))",
            good: nil
        )
        add(
            "Cost",
            Figures.fixed(card.cost, 3) + "×",
            "HPA at its best: \(Figures.fixed(best.cost, 3))×",
            good: nil
        )
        add(
            "Changes per day",
            Figures.fixed(card.changesPerDay, 1),
            "\(card.reversals) changes of direction",
            good: nil
        )
        return tiles
    }

    private func rows() -> [[String: Any]] {
        var cards = comparison.rows
        cards.insert(comparison.best, at: min(cards.count, max(0, cards.count - 2)))
        let largest = cards.map(\.total).max() ?? 1
        return cards.enumerated()
            .map { place, card in
                [
                    "own": place == 0,
                    "best": card == comparison.best,
                    "name": card.name,
                    "shortfall": Figures.percent(card.shortfall),
                    "unserved": Figures.percent(card.unserved),
                    "cost": Figures.fixed(card.cost, 3),
                    "total": Figures.fixed(card.total, 3),
                    "ratio": card.ratio.map { Figures.fixed($0, 3) } ?? "–",
                    "changes": Figures.fixed(card.changesPerDay, 1),
                    "reversals": String(card.reversals),
                    "bar": Figures.fixed(largest > 0 ? card.total / largest * 100 : 0, 1),
                    "barCost": Figures.fixed(card.total > 0 ? card.cost / card.total * 100 : 0, 1),
                ]
            }
    }
}

extension BacktestScenario {
    /// The rules of the scenario, to be shown beside results.
    package var facts: [ReportFact] {
        let known = trace.values.count { !$0.isNaN }
        let gaps = trace.count - known
        var text = "\(trace.count) steps of \(TraceReader.words(trace.step))"
        if gaps > 0 { text += ", \(gaps) of them gaps" }
        return [
            ReportFact(name: "Trace", text: "\(trace.name): \(text)"),
            ReportFact(
                name: "Capacity",
                text: "one resource serves \(Figures.number(capacity)) (p99.5 of demand ÷ \(Figures.number(resources)))"
            ),
            ReportFact(name: "Lead time", text: "\(TraceReader.words(lead)) from asking to ready"),
            ReportFact(
                name: "History",
                text: "the first \(Figures.fixed(Double(firstScored) * trace.step.hours / 24, 1)) days, not scored"
            ),
            ReportFact(
                name: "Price",
                text: "an hour short of one resource costs \(Figures.number(price)) resource-hours"
            ),
        ]
    }
}
