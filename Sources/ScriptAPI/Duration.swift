/// Spans of time as scripts write them: `"90s"`, `"5m"`, `"1.5h"`, `"14d"`.
///
/// The host's own parser lives in a room that the worker does not link; this one takes the same texts.
enum Duration {
    /// Milliseconds above 0 and at most ten years; nil for anything else.
    static func milliseconds(_ text: String) -> Int64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard number.first != ".", number.last != ".", let count = Double(number),
            let unit = units[text.dropFirst(number.count).lowercased()]
        else { return nil }
        let milliseconds = (count * unit).rounded()
        guard milliseconds > 0, milliseconds <= longest else { return nil }
        return Int64(exactly: milliseconds)
    }

    private static let units: [String: Double] = [
        "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
    private static let longest = 3650 * 86_400_000.0
}
