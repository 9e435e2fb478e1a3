package import Domain

/// A regular grid of time: `count` steps of `step` from `start` on.
package struct WindowGrid: Hashable, Sendable {
    package let start: Timestamp
    package let step: TimeSpan
    package let count: Int

    /// Steps that one window may have, so that a slip of the pen does not ask for the memory of the machine (128 MiB).
    package static let maximumCount = 1 << 24

    /// The steps that cover `from ..< to`; the last one may reach beyond `to`.
    ///
    /// - Throws: `invalid` for a step that is not positive, an inverted range, or more than `maximumCount` steps.
    package init(from: Timestamp, to: Timestamp, step: TimeSpan) throws(KPIStoreError) {
        let (length, overflow) = to.milliseconds.subtractingReportingOverflow(from.milliseconds)
        guard step.milliseconds > 0, !overflow, length >= 0 else {
            throw KPIStoreError(
                .invalid,
                "no grid from \(from.milliseconds) to \(to.milliseconds) in steps of \(step.milliseconds) ms",
                at: "window",
                advice: "Ask for a positive step and an end that is not before the start."
            )
        }
        let steps = length / step.milliseconds + (length % step.milliseconds > 0 ? 1 : 0)
        guard steps <= Self.maximumCount, !(step.milliseconds.multipliedReportingOverflow(by: steps).overflow),
            !from.milliseconds.addingReportingOverflow(step.milliseconds * steps).overflow
        else {
            throw KPIStoreError(
                .invalid,
                "a window of \(steps) steps",
                at: "window",
                advice: "Ask for at most \(Self.maximumCount) steps: a shorter range or a longer step."
            )
        }
        start = from
        self.step = step
        count = Int(steps)
    }

    /// First instant after the last step.
    package var end: Timestamp { start + TimeSpan(milliseconds: step.milliseconds * Int64(count)) }
}

/// How the readings of one step become one value.
///
/// NaN readings have no value and are passed over, except by `last`.
package enum Aggregation: String, Hashable, Sendable, CaseIterable {
    /// The last reading, also when it says NaN: then the series had ended.
    case last
    case mean
    case sum
    case min
    case max
    /// How many readings have a value; 0 in a step without.
    case count
}
