package import Decision
import Foundation

/// What a report charts: one value per step of the trace, with the decisions that changed something.
///
/// Numbers are kept as narrow as a chart needs (`Float`, `UInt32`): 20 bytes a step.
package struct ReportSeries: Sendable {
    struct Event: Sendable {
        let index: Int
        let outcome: Decision.Outcome
        let before: Int
        let after: Int
        let reason: String
    }

    /// Index in the trace of the first step that was decided.
    let first: Int
    let count: Int
    private(set) var median: [Float]
    private(set) var upper: [Float]
    private(set) var ready: [UInt32] = []
    private(set) var billed: [UInt32] = []
    private(set) var events: [Event] = []
    /// The quantile that `upper` is at; nil while there was no forecast.
    private(set) var quantile: Double?

    /// - Parameters:
    ///   - first: index in the trace of the first step that is decided; the steps before it are history.
    ///   - count: steps of the whole trace.
    package init(first: Int, count: Int) {
        self.first = max(0, first)
        self.count = max(0, count)
        median = Array(repeating: .nan, count: self.count)
        upper = Array(repeating: .nan, count: self.count)
        ready.reserveCapacity(self.count)
        billed.reserveCapacity(self.count)
    }

    /// Adds the next step.
    ///
    /// - Parameters:
    ///   - ready: that serve after the decision.
    ///   - billed: that are paid for after the decision.
    ///   - outlook: the forecast of this step; charted where it was meant for, one lead time later.
    ///   - leadSteps: steps from asked for to ready.
    ///   - decision: what was decided in this step.
    package mutating func append(
        ready: Int,
        billed: Int,
        outlook: DemandOutlook?,
        leadSteps: Int,
        decision: Decision
    ) {
        let index = first + self.ready.count
        self.ready.append(UInt32(clamping: ready))
        self.billed.append(UInt32(clamping: billed))
        if let outlook, leadSteps >= 1, index + leadSteps < count {
            if leadSteps <= outlook.values.count { upper[index + leadSteps] = Float(outlook.values[leadSteps - 1]) }
            if leadSteps <= outlook.medians.count { median[index + leadSteps] = Float(outlook.medians[leadSteps - 1]) }
            quantile = outlook.quantile
        }
        if decision.outcome != .hold {
            events.append(
                Event(
                    index: index,
                    outcome: decision.outcome,
                    before: decision.current,
                    after: decision.target,
                    reason: decision.reason
                )
            )
        }
    }
}

extension ReportSeries {
    /// Bytes of reasons that a report carries at most; a run with more keeps the reasons of the largest changes.
    static let reasonBudget = 1_800_000

    /// The events whose reasons fit into the budget, largest changes first taken: a flag for each event.
    func withReason() -> [Bool] {
        var kept = [Bool](repeating: false, count: events.count)
        var left = Self.reasonBudget
        let order = events.indices.sorted { a, b in
            let (x, y) = (abs(events[a].after - events[a].before), abs(events[b].after - events[b].before))
            return x != y ? x > y : a < b
        }
        for i in order {
            let size = min(events[i].reason.utf8.count, Self.longestReason) + 3
            guard size <= left else { break }
            left -= size
            kept[i] = true
        }
        return kept
    }

    static let longestReason = 400
}
