/// An instant: milliseconds since 1970, UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    /// Sums and differences stop at the ends of what can be counted: a limit of a thousand years must not turn time around.
    package static func + (a: Timestamp, b: TimeSpan) -> Timestamp {
        let (sum, overflow) = a.milliseconds.addingReportingOverflow(b.milliseconds)
        return Timestamp(milliseconds: overflow ? (b.milliseconds < 0 ? .min : .max) : sum)
    }
    package static func - (a: Timestamp, b: TimeSpan) -> Timestamp {
        Timestamp(milliseconds: (a - Timestamp(milliseconds: b.milliseconds)).milliseconds)
    }
    package static func - (a: Timestamp, b: Timestamp) -> TimeSpan {
        let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return TimeSpan(milliseconds: overflow ? (b.milliseconds < 0 ? .max : .min) : difference)
    }
}

/// A length of time in milliseconds, written `"90s"`, `"5m"`, `"14d"`.
package struct TimeSpan: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.milliseconds < b.milliseconds }
    package static func seconds(_ n: Int64) -> TimeSpan { TimeSpan(milliseconds: n &* 1000) }
    package static func minutes(_ n: Int64) -> TimeSpan { .seconds(n &* 60) }
    package static func hours(_ n: Int64) -> TimeSpan { .minutes(n &* 60) }
    package static func days(_ n: Int64) -> TimeSpan { .hours(n &* 24) }
    package static let zero = TimeSpan(milliseconds: 0)

    package var seconds: Double { Double(milliseconds) / 1000 }
    package var hours: Double { Double(milliseconds) / 3_600_000 }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension TimeSpan: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
