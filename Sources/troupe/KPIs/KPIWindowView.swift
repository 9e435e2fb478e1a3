import Domain
import Simulation

/// A window in words, numbers and lines.
struct KPIWindowView {
    private let window: KPIWindow
    private let style: TerminalStyle
    private let width: Int
    /// Labels that all of the series have: said once, above.
    private let shared: [String: String]

    /// More lines than this in one picture cannot be told apart.
    private static let colours: [(colour: TerminalColour, mark: Character)] = [
        (.green, "o"), (.cyan, "x"), (.yellow, "+"), (.magenta, "*"), (.blue, "@"),
    ]

    init(_ window: KPIWindow, style: TerminalStyle, width: Int) {
        self.window = window
        self.style = style
        self.width = width
        let first = window.series.first?.labels ?? [:]
        shared = first.filter { label in window.series.allSatisfy { $0.labels[label.key] == label.value } }
    }

    func summary() -> [String] {
        let step = TimeSpan(milliseconds: Int64(window.stepS * 1000))
        let name = (window.series.first?.name ?? "") + (shared.isEmpty ? "" : " \(LabelsArgument.text(shared))")
        var table = TextTable(
            columns: [.left("series"), .right("last"), .right("min"), .right("mean"), .right("max"), .right("gaps")]
                + (style.unicode ? [.left("")] : [])
        )
        for series in window.series {
            let known = series.known
            let mean = known.isEmpty ? Double.nan : known.reduce(0, +) / Double(known.count)
            table.append(
                TextTable.Row(
                    [
                        label(series), Figures.number(known.last ?? .nan), Figures.number(known.min() ?? .nan),
                        Figures.number(mean), Figures.number(known.max() ?? .nan),
                        String(series.values.count - known.count),
                        Sparkline.text(series.numbers, width: 24, unicode: style.unicode) ?? "",
                    ],
                    colour: known.isEmpty ? .dim : .normal
                )
            )
        }
        return [
            style.paint(name, .normal, bold: true) + ", \(window.aggregation) of each \(step)",
            style.paint("\(window.from.local) to \(window.to.local)", .dim),
            "",
        ] + table.lines(style)
    }

    /// The first series as lines over time.
    func chart() -> [String] {
        let drawn = zip(window.series.filter { !$0.known.isEmpty }, Self.colours)
            .map { series, look in
                LineChart.Series(label(series), values: series.numbers, colour: look.colour, mark: look.mark)
            }
        guard !drawn.isEmpty else { return ["no readings in this window"] }
        let rest = window.series.count { !$0.known.isEmpty } - drawn.count
        let lines = LineChart(
            width: min(width, 120),
            height: 12,
            series: drawn,
            start: window.from.local,
            end: window.to.local
        )
        .lines(style)
        return lines + (rest > 0 ? [style.paint("(\(rest) more are not drawn: --labels chooses)", .dim)] : [])
    }

    /// A row for each step, a column for each series.
    func values() -> [String] {
        var table = TextTable(columns: [.left("time")] + window.series.map { .right(label($0)) })
        let step = Int64(window.stepS * 1000)
        for index in 0..<(window.series.map(\.values.count).min() ?? 0) {
            let moment = Moment(window.from.time + TimeSpan(milliseconds: step * Int64(index)))
            table.append(
                TextTable.Row([moment.local] + window.series.map { $0.values[index].map(Figures.number) ?? "-" })
            )
        }
        return table.lines(style)
    }

    private func label(_ series: KPIWindow.Series) -> String {
        let own = LabelsArgument.text(series.labels.filter { shared[$0.key] == nil })
        return own.isEmpty ? (window.series.count == 1 ? series.name : "(no other label)") : own
    }
}
