/// What a resource of one persona really serves within its objectives, learned from what its resources have served.
///
/// Each grid step says one of three things about the load `x` that each ready resource bore:
/// - The objectives held and `x` is above the estimate: a resource serves more than was thought; the estimate moves a tenth of the way up.
/// - The objectives broke and `x` is at most the estimate, but at least half of what is declared: it serves less; a tenth of the way to
///   just below `x`. (Objectives that break at little load break for another reason, which fewer resources or more would not mend.)
/// - Anything else says nothing: an idle fleet does not show what it could serve.
///
/// The estimate stays within half and twice of what the persona declares, and is used once `enough` steps have spoken.
package struct ServedCapacity: Hashable, Sendable, Codable {
    private var estimate: Double?
    private var steps = 0

    static let rate = 0.1
    static let enough = 10
    static let bounds = 0.5...2.0

    package init() {}

    /// - Parameters:
    ///   - load: demand per ready resource in one step.
    ///   - held: whether the persona's objectives held in it; nil where no reading tells.
    ///   - declared: what the persona says that a resource serves.
    /// - Returns: whether it learned from it.
    @discardableResult
    package mutating func observe(load: Double, held: Bool?, declared: Double) -> Bool {
        guard let held, load.isFinite, load > 0, declared.isFinite, declared > 0 else { return false }
        let now = Self.bounded(estimate ?? declared, declared)
        if held {
            guard load > now else { return false }
            estimate = Self.bounded(now + Self.rate * (load - now), declared)
        } else {
            guard load <= now, load >= 0.5 * declared else { return false }
            estimate = Self.bounded(now + Self.rate * (0.95 * load - now), declared)
        }
        steps = min(steps + 1, 1_000_000)
        return true
    }

    /// Demand that one ready resource serves, to three digits, so that a decision's words do not change with every reading.
    package func capacity(declared: Double) -> Double {
        guard let estimate, steps >= Self.enough, declared.isFinite, declared > 0 else { return declared }
        return Self.rounded(Self.bounded(estimate, declared))
    }

    private static func bounded(_ value: Double, _ declared: Double) -> Double {
        guard value.isFinite else { return declared }
        return min(max(value, bounds.lowerBound * declared), bounds.upperBound * declared)
    }

    private static func rounded(_ value: Double) -> Double {
        var unit = 1.0
        while value / unit >= 1000 { unit *= 10 }
        while value / unit < 100, unit > 1e-9 { unit /= 10 }
        return (value / unit).rounded() * unit
    }
}
