/// Several series over one span, as lines of text: braille dots with colours, or one letter per series in ASCII.
package struct LineChart: Sendable {
    package struct Series: Sendable {
        let name: String
        let values: [Double]
        let colour: TerminalColour
        /// What draws it in ASCII.
        let mark: Character
        /// Fills the area below it instead of drawing its line.
        let isArea: Bool

        /// Values are spread over the width; NaN leaves a hole.
        package init(
            _ name: String,
            values: [Double],
            colour: TerminalColour,
            mark: Character,
            isArea: Bool = false
        ) {
            self.name = name
            self.values = values
            self.colour = colour
            self.mark = mark
            self.isArea = isArea
        }
    }

    /// Columns and rows of the whole, axis and labels included.
    package var width: Int
    package var height: Int
    /// Later ones are drawn over earlier ones.
    package var series: [Series]
    /// Below the left and the right end.
    package var start: String
    package var end: String
    /// The top of the scale; the largest value where nil.
    package var top: Double?

    package init(
        width: Int,
        height: Int,
        series: [Series],
        start: String = "",
        end: String = "",
        top: Double? = nil
    ) {
        self.width = width
        self.height = height
        self.series = series
        self.start = start
        self.end = end
        self.top = top
    }

    /// Exactly `height` lines: a legend, the plot, a line of labels.
    package func lines(_ style: TerminalStyle) -> [String] {
        let axis = 7
        let columns = max(10, width - axis - 1)
        let rows = max(2, height - 2)
        let largest = top ?? series.lazy.flatMap(\.values).filter(\.isFinite).max() ?? 1
        let scale = largest > 0 ? largest : 1
        let plot =
            style.unicode
            ? braille(columns, rows, scale, style) : letters(columns, rows, scale)

        var lines = [legend(style)]
        for (place, line) in plot.enumerated() {
            // Labels at the top, the middle and the bottom.
            let labelled = place == 0 || place == rows - 1 || place == rows / 2
            let value = scale * (1 - (Double(place) + (place == 0 ? 0 : place == rows - 1 ? 1 : 0.5)) / Double(rows))
            let label = labelled ? Figures.short(max(0, value)) : ""
            let bar = style.unicode ? (labelled ? "┤" : "│") : "|"
            lines.append(style.paint(TextWidth.pad(label, to: axis - 1, right: true) + bar, .dim) + line)
        }
        let left = TextWidth.cut(start, to: columns, unicode: style.unicode)
        let right = TextWidth.cut(end, to: max(1, columns - TextWidth.of(left) - 1), unicode: style.unicode)
        let gap = max(1, columns - TextWidth.of(left) - TextWidth.of(right))
        let labels = String(repeating: " ", count: axis) + left + String(repeating: " ", count: gap) + right
        lines.append(style.paint(labels, .dim))
        return lines
    }

    private func legend(_ style: TerminalStyle) -> String {
        let names = series.map { one in
            let key = style.unicode ? (one.isArea ? "▒" : "━") : String(one.mark)
            return style.paint("\(key) ", one.colour) + one.name
        }
        return String(repeating: " ", count: 7) + names.joined(separator: "   ")
    }

    /// Least and greatest value of each of `columns` slots; nil where a slot has none.
    private static func slots(_ values: [Double], _ columns: Int) -> [(low: Double, high: Double)?] {
        (0..<columns)
            .map { column in
                guard !values.isEmpty else { return nil }
                let from = min(values.count - 1, column * values.count / columns)
                let to = max(from + 1, (column + 1) * values.count / columns)
                let slice = values[from..<min(values.count, to)].lazy.filter(\.isFinite)
                guard let low = slice.min(), let high = slice.max() else { return nil }
                return (low, high)
            }
    }

    /// Row from the top of a value on a raster of `rows`.
    private static func row(_ value: Double, _ rows: Int, _ scale: Double) -> Int {
        let share = min(1, max(0, value / scale))
        return min(rows - 1, max(0, Int(((1 - share) * Double(rows - 1)).rounded())))
    }

    /// The rows that each column of a series covers, joined to the column before so that steep lines have no holes.
    private static func spans(_ one: Series, columns: Int, rows: Int, scale: Double) -> [ClosedRange<Int>?] {
        var last: Int?
        return slots(one.values, columns)
            .map { slot in
                guard let slot else {
                    last = nil
                    return nil
                }
                let (top, bottom) = (row(slot.high, rows, scale), row(slot.low, rows, scale))
                if one.isArea { return top...(rows - 1) }
                var span = top...bottom
                if let last, last < top - 1 { span = (last + 1)...bottom }
                if let last, last > bottom + 1 { span = top...(last - 1) }
                last = (top + bottom) / 2
                return span
            }
    }

    // MARK: - Rasters

    private func letters(_ columns: Int, _ rows: Int, _ scale: Double) -> [String] {
        var cells = [[Character]](repeating: Array(repeating: " ", count: columns), count: rows)
        for one in series {
            let spans = Self.spans(one, columns: columns, rows: rows, scale: scale)
            for (column, span) in spans.enumerated() {
                guard let span else { continue }
                for row in span { cells[row][column] = one.mark }
            }
        }
        return cells.map { String(String($0).reversed().drop { $0 == " " }.reversed()) }
    }

    /// Braille cells are two dots wide and four high; a cell takes the colour of the last series that has a dot in it.
    private func braille(_ columns: Int, _ rows: Int, _ scale: Double, _ style: TerminalStyle) -> [String] {
        // Dot numbers of Unicode's braille block, by row and column within a cell.
        let dots: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        var masks = [[UInt32]](repeating: Array(repeating: 0, count: columns), count: rows)
        var owners = [[Int]](repeating: Array(repeating: -1, count: columns), count: rows)
        for (place, one) in series.enumerated() {
            let spans = Self.spans(one, columns: columns * 2, rows: rows * 4, scale: scale)
            for (column, span) in spans.enumerated() {
                guard let span else { continue }
                for row in span {
                    // An area is dotted thinly, so that a line over it can be seen.
                    if one.isArea, row % 2 == 1 || column % 2 == 1 { continue }
                    let (r, c) = (row / 4, column / 2)
                    // A line takes over the cell of an area, or of a line below it.
                    if owners[r][c] >= 0, owners[r][c] != place, series[owners[r][c]].isArea, !one.isArea {
                        masks[r][c] = 0
                    }
                    masks[r][c] |= dots[row % 4][column % 2]
                    owners[r][c] = place
                }
            }
        }
        return (0..<rows)
            .map { row in
                var line = ""
                var run = ""
                var owner = -1
                func flush() {
                    line += owner >= 0 ? style.paint(run, series[owner].colour) : run
                    run = ""
                }
                for column in 0..<columns {
                    let mask = masks[row][column]
                    let next = mask == 0 ? -1 : owners[row][column]
                    if next != owner {
                        flush()
                        owner = next
                    }
                    run.unicodeScalars.append(mask == 0 ? " " : Unicode.Scalar(0x2800 + mask) ?? " ")
                }
                if owner >= 0 { flush() }
                return line
            }
    }
}
