/// A person's word on a fleet that holds for a while, above what the workspace says: a pause, or other bounds.
///
/// Who, until when and why are part of it: they stand in the trace of every decision that it moves.
package struct OperatorOverride: Hashable, Sendable, Codable {
    /// What does not happen by itself any more.
    package enum Pause: String, Hashable, Sendable, Codable, CaseIterable {
        case all
        /// Nothing is added.
        case out
        /// Nothing is removed.
        case `in`
    }

    package var pause: Pause?
    /// A larger minimum than the fleet's.
    package var min: Int?
    /// A smaller maximum than the fleet's.
    package var max: Int?
    /// Nil: until a person ends it.
    package var until: Timestamp?
    package var by: String
    package var reason: String

    package init(
        pause: Pause? = nil,
        min: Int? = nil,
        max: Int? = nil,
        until: Timestamp? = nil,
        by: String,
        reason: String = ""
    ) {
        self.pause = pause
        self.min = min
        self.max = max
        self.until = until
        self.by = by
        self.reason = reason
    }

    package func holds(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }

    /// `by ada until 2026-03-02T14:00:00Z: the launch`.
    package var origin: String {
        "by \(by)" + (until.map { " until \($0)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)")
    }

    /// `scale-in is paused by ada until …`, `at least 50 by ada`.
    package var inWords: String {
        var parts: [String] = []
        switch pause {
        case .all: parts.append("paused")
        case .out: parts.append("scale-out is paused")
        case .in: parts.append("scale-in is paused")
        case nil: break
        }
        if let min { parts.append("at least \(NumberText.count(min))") }
        if let max { parts.append("at most \(NumberText.count(max))") }
        return parts.joined(separator: ", ") + " " + origin
    }
}
