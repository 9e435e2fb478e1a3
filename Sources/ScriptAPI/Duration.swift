/// Spans of time as scripts write them: `"90s"`, `"5m"`, `"1.5h"`, `"14d"`.
///
/// The host's own parser lives in a room that the worker does not link; this one takes the same texts.
enum Duration {
    /// Milliseconds above 0 and at most ten years; nil for anything else.
    static func milliseconds(_ text: String) -> Int64? {
        if let simple = simple(text) { return simple }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard number.first != ".", number.last != ".", let count = Double(number),
            let unit = units[text.dropFirst(number.count).lowercased()]
        else { return nil }
        let milliseconds = (count * unit).rounded()
        guard milliseconds > 0, milliseconds <= longest else { return nil }
        return Int64(exactly: milliseconds)
    }

    /// A whole number of seconds, minutes, hours or days, as nearly all are written; nil for what takes a closer look.
    private static func simple(_ text: String) -> Int64? {
        guard (2...6).contains(text.utf8.count) else { return nil }
        var count: Int64 = 0
        for byte in text.utf8.dropLast() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            count = count * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        let unit: Int64
        switch text.utf8.last {
        case UInt8(ascii: "s"): unit = 1000
        case UInt8(ascii: "m"): unit = 60_000
        case UInt8(ascii: "h"): unit = 3_600_000
        case UInt8(ascii: "d"): unit = 86_400_000
        default: return nil
        }
        let milliseconds = count * unit
        return milliseconds > 0 && milliseconds <= Int64(longest) ? milliseconds : nil
    }

    private static let units: [String: Double] = [
        "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
    private static let longest = 3650 * 86_400_000.0
}
