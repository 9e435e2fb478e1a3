/// One line that says how far a run is: `[########--------]  52 %  12 000 of 23 000 steps  3 s left`.
package enum ProgressLine {
    /// The line for `done` of `total` steps after `elapsed` seconds; `note` is said last, cut to `width` columns.
    package static func text(
        done: Int,
        of total: Int,
        elapsed: Double,
        note: String = "",
        width: Int = 80,
        style: TerminalStyle
    ) -> String {
        let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 1
        let bar = 24
        let filled = Int((share * Double(bar)).rounded(.down))
        let full = style.unicode ? "━" : "#"
        let rest = style.unicode ? "─" : "-"
        let percent = TextWidth.pad("\(Int((share * 100).rounded(.down)))", to: 3, right: true)
        var tail = " \(percent) %  \(done) of \(total)"
        if share >= 1 {
            tail += "  in \(seconds(elapsed))"
        } else if done > 0, elapsed > 0.5 {
            tail += "  \(seconds(elapsed / share * (1 - share))) left"
        }
        if !note.isEmpty { tail += "  \(note)" }
        let room = max(10, width - bar - (style.unicode ? 0 : 2) - 1)
        tail = TextWidth.cut(tail, to: room, unicode: style.unicode)
        let left = String(repeating: full, count: filled)
        let right = String(repeating: rest, count: bar - filled)
        return style.unicode
            ? style.paint(left, .green) + style.paint(right, .dim) + tail : "[\(left)\(right)]\(tail)"
    }

    private static func seconds(_ value: Double) -> String {
        guard value.isFinite, value < 360_000 else { return "long" }
        if value < 90 { return value < 9.95 ? "\(Figures.fixed(value, 1)) s" : "\(Int(value.rounded())) s" }
        return value < 5400 ? "\(Int((value / 60).rounded())) min" : "\(Figures.fixed(value / 3600, 1)) h"
    }
}
