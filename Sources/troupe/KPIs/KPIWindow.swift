/// Series on a regular grid, as the API says them.
struct KPIWindow: Decodable {
    let from: Moment
    let to: Moment
    let stepS: Double
    let aggregation: String
    let series: [Series]

    struct Series: Decodable {
        let name: String
        let labels: [String: String]
        /// null where a step has no value.
        let values: [Double?]

        var numbers: [Double] { values.map { $0 ?? .nan } }
        var known: [Double] { values.compactMap(\.self) }
    }
}

/// A row of values in the height of one line.
enum Sparkline {
    /// nil where only ASCII can be shown, which has no such bars.
    static func text(_ values: [Double], width: Int, unicode: Bool) -> String? {
        guard unicode, !values.isEmpty else { return nil }
        let columns = min(width, values.count)
        let means = (0..<columns)
            .map { column in
                let slot = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
                    .filter(\.isFinite)
                return slot.isEmpty ? Double.nan : slot.reduce(0, +) / Double(slot.count)
            }
        let known = means.filter(\.isFinite)
        guard let low = known.min(), let high = known.max() else { return nil }
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(
            means.map { value -> Character in
                guard value.isFinite else { return " " }
                let share = high > low ? (value - low) / (high - low) : 0.5
                return bars[min(bars.count - 1, max(0, Int(share * Double(bars.count))))]
            }
        )
    }
}
