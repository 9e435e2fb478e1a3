import Foundation

/// Traces that tests make.
enum Demand {
    /// Four days of a daily season at ten-minute steps, as CSV.
    static func csv(days: Int = 4, edit: (inout [String]) -> Void = { _ in }) -> String {
        var rows = ["timestamp,value"]
        for i in 0..<(days * 144) {
            let time = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: 1_772_409_600 + Double(i) * 600))
            let level = 500 + 400 * sin(2 * .pi * Double(i) / 144) + Double((i * 7919) % 41)
            rows.append("\(time.dropLast()),\(level.rounded())")
        }
        edit(&rows)
        return rows.joined(separator: "\n") + "\n"
    }
}
