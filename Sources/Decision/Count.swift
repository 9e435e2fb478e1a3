import Domain

/// Arithmetic on numbers of resources that cannot trap, whatever comes in.
enum Count {
    /// No fleet is larger: far beyond any, and small enough that sums and products of counts stay in range.
    static let most = 1_000_000_000

    static func bounded(_ count: Int) -> Int { min(max(count, 0), most) }

    static func sum(_ a: Int, _ b: Int) -> Int { bounded(bounded(a) + bounded(b)) }

    /// How many resources of `capacity` serve `demand`: the smallest whole number whose capacity reaches it, but for a billionth, so
    /// that 3 × 0.1 serves 0.3.
    static func covering(_ demand: Double, by capacity: Double) -> Int {
        guard demand > 0, capacity > 0 else { return 0 }
        return fromAbove(demand / capacity * (1 - 1e-9))
    }

    /// How many resources of `capacity` can go while `spare` is what is too much.
    static func fitting(_ spare: Double, by capacity: Double) -> Int {
        guard spare > 0, capacity > 0 else { return 0 }
        return fromBelow(spare / capacity * (1 + 1e-9))
    }

    static func fromAbove(_ value: Double) -> Int { whole(value.rounded(.up)) }

    static func fromBelow(_ value: Double) -> Int { whole(value.rounded(.down)) }

    private static func whole(_ value: Double) -> Int {
        guard value > 0 else { return 0 }  // NaN too
        return value >= Double(most) ? most : Int(value)
    }

    /// A limit's amount of a base of at least one; at least one itself, since a limit slows and never stops.
    ///
    /// Shares are rounded up on the way out and down on the way in.
    static func amount(_ amount: ScaleAmount, of base: Int, out: Bool) -> Int {
        switch amount {
        case .count(let count):
            return max(1, bounded(count))
        case .fraction(let fraction):
            let share = Double(max(1, base)) * abs(fraction)
            return max(1, out ? fromAbove(share * (1 - 1e-9)) : fromBelow(share * (1 + 1e-9)))
        }
    }
}
