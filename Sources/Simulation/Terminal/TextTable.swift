/// Rows in aligned columns under a heading.
package struct TextTable: Sendable {
    package struct Column: Sendable {
        let title: String
        let right: Bool

        package static func left(_ title: String) -> Column { Column(title: title, right: false) }
        package static func right(_ title: String) -> Column { Column(title: title, right: true) }
    }

    package struct Row: Sendable {
        let cells: [String]
        let colour: TerminalColour
        let bold: Bool

        package init(_ cells: [String], colour: TerminalColour = .normal, bold: Bool = false) {
            self.cells = cells
            self.colour = colour
            self.bold = bold
        }
    }

    let columns: [Column]
    private(set) var rows: [Row]

    package init(columns: [Column], rows: [Row] = []) {
        self.columns = columns
        self.rows = rows
    }

    package mutating func append(_ row: Row) {
        rows.append(row)
    }

    /// The table without a line end after each line; missing cells are blank, no line ends in spaces.
    package func lines(_ style: TerminalStyle) -> [String] {
        let widths = columns.indices.map { i in
            ([columns[i].title] + rows.map { Self.cell($0, i) }).map(TextWidth.of).max() ?? 0
        }
        let title = line(columns.map(\.title), widths)
        let rule = style.unicode ? "─" : "-"
        let ruler = widths.map { String(repeating: rule, count: $0) }.joined(separator: "  ")
        var lines = [style.paint(title, .dim), style.paint(ruler, .dim)]
        for row in rows {
            let text = line(columns.indices.map { Self.cell(row, $0) }, widths)
            lines.append(style.paint(text, row.colour, bold: row.bold))
        }
        return lines
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = columns.indices.map { TextWidth.pad(cells[$0], to: widths[$0], right: columns[$0].right) }
        let text = padded.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    private static func cell(_ row: Row, _ column: Int) -> String {
        // A line end or a tab in a cell would break the table apart.
        column < row.cells.count ? String(row.cells[column].map { $0.isNewline || $0 == "\t" ? " " : $0 }) : ""
    }
}

extension Comparison {
    /// The table that a backtest ends in.
    package func table() -> TextTable {
        var table = TextTable(columns: [
            .left("policy"), .right("shortfall"), .right("unserved"), .right("cost"), .right("total"),
            .right("ratio"), .right("changes/day"), .right("reversals"),
        ])
        for (place, card) in rows.enumerated() {
            table.append(
                TextTable.Row(
                    [
                        card.name, Figures.percent(card.shortfall), Figures.percent(card.unserved),
                        Figures.fixed(card.cost, 3), Figures.fixed(card.total, 3),
                        card.ratio.map { Figures.fixed($0, 3) } ?? "-",
                        Figures.fixed(card.changesPerDay, 1), String(card.reversals),
                    ],
                    bold: place == 0
                )
            )
        }
        return table
    }

    /// What the ratio is relative to, in a sentence.
    package var note: String {
        "ratio: (total - 1) as a share of that of HPA at \(Int((bestTarget * 100).rounded())) %, the target that turned out "
            + "best for this trace (total \(Figures.fixed(best.total, 3))); below 1 is better than any HPA setting."
    }
}
