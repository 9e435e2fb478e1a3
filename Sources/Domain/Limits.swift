/// The bounds that a decision must keep.
package struct Limits: Hashable, Sendable, Codable {
    package var min: Int
    package var max: Int?
    package var stepUp: RateLimit?
    package var stepDown: RateLimit?
    /// Scale-in goes no lower than the largest need of this span.
    package var settle: TimeSpan?
    /// How often the direction may turn.
    package var reversals: CountLimit?
    package var removals: RateLimit?
    package var costPerHour: Double?

    package init(
        min: Int = 1,
        max: Int? = nil,
        stepUp: RateLimit? = nil,
        stepDown: RateLimit? = nil,
        settle: TimeSpan? = nil,
        reversals: CountLimit? = nil,
        removals: RateLimit? = nil,
        costPerHour: Double? = nil
    ) {
        self.min = min
        self.max = max
        self.stepUp = stepUp
        self.stepDown = stepDown
        self.settle = settle
        self.reversals = reversals
        self.removals = removals
        self.costPerHour = costPerHour
    }
}

/// `"100%/1m"`, `"5/1h"`: an amount per window.
///
/// Its base is the target at the window's start, rounded to at least 1.
package struct RateLimit: Hashable, Sendable, Codable {
    package var amount: ScaleAmount
    package var window: TimeSpan

    package init(amount: ScaleAmount, window: TimeSpan) {
        self.amount = amount
        self.window = window
    }
}

/// `3` or `"20%"`.
package enum ScaleAmount: Hashable, Sendable, Codable {
    case count(Int)
    case fraction(Double)
}

/// `"2/1h"`.
package struct CountLimit: Hashable, Sendable, Codable {
    package var count: Int
    package var window: TimeSpan

    package init(count: Int, window: TimeSpan) {
        self.count = count
        self.window = window
    }
}
