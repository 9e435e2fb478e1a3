import Decision
import Domain
import Foundation

/// The chart's data as the page's script reads it: JSON whose arrays are base64 of little-endian numbers.
struct ReportData: Encodable {
    let start: Int64
    let step: Int64
    let count: Int
    let first: Int
    let leadSteps: Int
    let capacity: Double
    let quantile: Double?
    let demand: String
    let median: String
    let upper: String
    /// From `first` on.
    let ready: String
    let billed: String
    let eventAt: String
    let eventBefore: String
    let eventAfter: String
    let eventKind: String
    /// Empty where the reason is left out.
    let reasons: [String]

    init(scenario: BacktestScenario, series: ReportSeries) {
        let trace = scenario.trace
        start = trace.start.milliseconds
        step = trace.step.milliseconds
        count = trace.count
        first = series.first
        leadSteps = scenario.leadSteps
        capacity = scenario.capacity
        quantile = series.quantile
        demand = Self.pack(trace.values.map(Float.init))
        median = Self.pack(series.median)
        upper = Self.pack(series.upper)
        ready = Self.pack(series.ready)
        billed = Self.pack(series.billed)
        eventAt = Self.pack(series.events.map { UInt32(clamping: $0.index) })
        eventBefore = Self.pack(series.events.map { UInt32(clamping: $0.before) })
        eventAfter = Self.pack(series.events.map { UInt32(clamping: $0.after) })
        eventKind = Self.pack(series.events.map { Self.code($0.outcome) })
        reasons = zip(series.events, series.withReason())
            .map { event, kept in
                kept ? Self.cut(event.reason) : ""
            }
    }

    /// JSON that cannot end the script element it stands in: `<` is written as an escape.
    func json() throws -> String {
        String(decoding: try JSONLineEncoder.encode(self), as: UTF8.self)
            .replacing("<", with: "\\u003c")
            .replacing("\u{2028}", with: "\\u2028")
            .replacing("\u{2029}", with: "\\u2029")
    }

    private static func cut(_ reason: String) -> String {
        guard reason.utf8.count > ReportSeries.longestReason else { return reason }
        return String(reason.prefix(ReportSeries.longestReason / 4)) + "…"
    }

    private static func code(_ outcome: Decision.Outcome) -> UInt32 {
        switch outcome {
        case .scaleOut: 1
        case .scaleIn: 2
        case .change: 3
        case .hold: 0
        case .advise: 4
        case .await: 5
        }
    }

    private static func pack(_ values: [Float]) -> String {
        pack(values.map(\.bitPattern))
    }

    private static func pack(_ values: [UInt32]) -> String {
        var data = Data(capacity: values.count * 4)
        for value in values { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        return data.base64EncodedString()
    }
}
