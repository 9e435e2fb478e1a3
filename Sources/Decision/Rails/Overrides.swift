import Domain

/// What people's words amount to at one instant.
struct Overrides {
    /// Nothing happens by itself.
    var all: OperatorOverride?
    var out: OperatorOverride?
    var `in`: OperatorOverride?
    /// The largest minimum and the smallest maximum that a person asks for.
    var least: OperatorOverride?
    var most: OperatorOverride?

    init(_ overrides: [OperatorOverride], at now: Timestamp) {
        for override in overrides where override.holds(at: now) {
            switch override.pause {
            case .all: all = all ?? override
            case .out: out = out ?? override
            case .in: `in` = `in` ?? override
            case nil: break
            }
            if let min = override.min, min > least?.min ?? .min { least = override }
            if let max = override.max, max < most?.max ?? .max { most = override }
        }
        // Both ways are stopped, each by its own word.
        if all == nil, let out, `in` != nil { all = out }
    }
}
