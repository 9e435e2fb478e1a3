import Foundation

/// Numbers as people read them, the same in the terminal and in the report.
///
/// No locale: a point, no separators.
package enum Figures {
    /// `3.142`: so many places, always.
    package static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "–" }
        let text = String(format: "%.\(max(0, min(12, places)))f", value)
        // −0.00 is 0.00.
        return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
    }

    /// `1.23 %`, with more places where little is meant: `0.012 %`.
    package static func percent(_ share: Double) -> String {
        let value = share * 100
        let places = value != 0 && abs(value) < 0.1 ? 3 : abs(value) < 10 ? 2 : 1
        return value == 0 ? "0 %" : fixed(value, places) + " %"
    }

    /// Four significant digits, no trailing zeros: `1634`, `27.8`, `0.002`.
    package static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if abs(value) >= 1000, abs(value) < 1e15 { return fixed(value, 0) }
        return String(format: "%.4g", value)
    }

    /// Four places at most, with a letter for the thousands: `1.63k`, `27.8M`.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= unit * 0.9995 {
            return String(format: "%.3g", value / unit) + letter
        }
        return String(format: "%.3g", value)
    }
}
