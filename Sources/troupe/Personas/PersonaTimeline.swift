import Domain
import Simulation

/// Assignments of one resource as bars over one span of time.
struct PersonaTimeline {
    private let all: [AssignmentRow]
    private let shown: [AssignmentRow]
    private let start: Moment
    private let end: Moment
    private let now: Moment

    init(_ assignments: [AssignmentRow], since: Moment?, now: Moment) {
        all = assignments
        self.now = now
        shown = assignments.filter { row in since.map { since in row.until.map { $0 > since } ?? true } ?? true }
        let first = shown.map(\.from).min() ?? now
        start = since.map { max($0, first) } ?? first
        // What ends later is shown to its end; what has no end reaches beyond now.
        let last = max(shown.compactMap(\.until).max() ?? now, now, start)
        end = Moment(last.time + TimeSpan(milliseconds: max(60_000, (last.time - start.time).milliseconds / 12)))
    }

    func lines(_ style: TerminalStyle, width: Int) -> [String] {
        guard !shown.isEmpty else { return ["nothing was assigned since then"] }
        let names = shown.map { TextWidth.of($0.persona) }.max() ?? 0
        let columns = max(20, min(100, width - names - 4))
        let margin = String(repeating: " ", count: names + 2)
        var lines = [style.paint(margin + scale(columns), .dim), style.paint(margin + marker(columns, style), .dim)]
        for row in shown {
            let isHolding = AssignmentRow.holding(all, at: now)?.id == row.id
            lines.append(
                style.paint(TextWidth.pad(row.persona, to: names), .normal, bold: isHolding) + "  "
                    + style.paint(bar(row, columns, style), isHolding ? .green : .cyan)
            )
            let (first, second) = words(row)
            lines.append(margin + style.paint(first, .dim))
            lines.append(margin + style.paint(second, .dim))
        }
        return lines
    }

    /// When it begins and ends, below the ends of the bars.
    private func scale(_ columns: Int) -> String {
        let (left, right) = (start.local, end.local)
        let gap = columns - left.count - right.count
        return gap > 0 ? left + String(repeating: " ", count: gap) + right : left
    }

    private func marker(_ columns: Int, _ style: TerminalStyle) -> String {
        let place = column(of: now, columns)
        guard place >= 0, place < columns else { return "" }
        // The word stands where it fits.
        let sign = style.unicode ? "▼" : "v"
        return place >= 4
            ? String(repeating: " ", count: place - 4) + "now " + sign
            : String(repeating: " ", count: place) + sign + " now"
    }

    private func bar(_ row: AssignmentRow, _ columns: Int, _ style: TerminalStyle) -> String {
        let (full, thin) = style.unicode ? ("█", "░") : ("#", ".")
        var text = ""
        for column in 0..<columns {
            let moment = self.moment(at: column, columns)
            // What is shorter than a column still shows.
            let isThinnerThanColumn = self.column(of: row.from, columns) == column
            if row.covers(moment) || isThinnerThanColumn {
                let middle = row.covers(moment) ? moment : row.from
                text += AssignmentRow.holding(all, at: middle)?.id == row.id ? full : thin
            } else {
                text += " "
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// When and how long; by whom and why.
    private func words(_ row: AssignmentRow) -> (String, String) {
        var when = row.from.local
        if let until = row.until {
            when += " to \(until.local), \((until.time - row.from.time).inWords)"
            if until > now { when += ", ends \(until.relative(to: now))" }
        } else {
            when += ", until it is released"
        }
        var who = "by \(row.by), priority \(row.priority.rawValue)"
        if let ended = row.endedBy { who += ", ended by \(ended)" }
        if !row.reason.isEmpty { who += ": \(row.reason)" }
        return (when, who)
    }

    private var span: Double { Double(max(1, (end.time - start.time).milliseconds)) }

    private func column(of moment: Moment, _ columns: Int) -> Int {
        let share = Double((moment.time - start.time).milliseconds) / span
        guard share < 1 else { return columns }
        return share < 0 ? -1 : Int(share * Double(columns))
    }

    /// The middle of a column.
    private func moment(at column: Int, _ columns: Int) -> Moment {
        let offset = (Double(column) + 0.5) / Double(columns) * span
        return Moment(start.time + TimeSpan(milliseconds: Int64(offset)))
    }
}
