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
    let ready: PackedCounts
    let billed: PackedCounts
    let eventAt: PackedCounts
    let eventBefore: PackedCounts
    let eventAfter: PackedCounts
    let eventKind: PackedCounts
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
        ready = PackedCounts(series.ready)
        billed = PackedCounts(series.billed)
        eventAt = PackedCounts(series.events.map { UInt32(clamping: $0.index) })
        eventBefore = PackedCounts(series.events.map { UInt32(clamping: $0.before) })
        eventAfter = PackedCounts(series.events.map { UInt32(clamping: $0.after) })
        eventKind = PackedCounts(series.events.map { Self.code($0.outcome) })
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
        values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }.base64EncodedString()
    }
}

/// Counts as `[bytes each, base64]`, as narrow as the largest allows: fleets are mostly below 256.
struct PackedCounts: Encodable {
    let width: Int
    let base64: String

    init(_ values: [UInt32]) {
        let most = values.max() ?? 0
        let data: Data
        if most <= UInt8.max {
            width = 1
            data = Data(values.map { UInt8(truncatingIfNeeded: $0) })
        } else if most <= UInt16.max {
            width = 2
            data = values.map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes { Data($0) }
        } else {
            width = 4
            data = values.map(\.littleEndian).withUnsafeBytes { Data($0) }
        }
        base64 = data.base64EncodedString()
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(width)
        try container.encode(base64)
    }
}
