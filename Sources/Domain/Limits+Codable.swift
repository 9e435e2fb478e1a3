// How limits are recorded: short, since every decision carries them.

/// `3`, or `{"fraction": 0.2}`.
extension ScaleAmount {
    private enum Key: String, CodingKey {
        case fraction
    }

    package init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .fraction(try container.decode(ExactNumber.self, forKey: .fraction).value)
        } else {
            self = .count(try decoder.singleValueContainer().decode(Int.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .count(let count):
            var container = encoder.singleValueContainer()
            try container.encode(count)
        case .fraction(let fraction):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(ExactNumber(fraction), forKey: .fraction)
        }
    }
}

/// `[amount, window]`.
extension RateLimit {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(amount: try container.decode(ScaleAmount.self), window: try container.decode(TimeSpan.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(amount)
        try container.encode(window)
    }
}

/// `[count, window]`.
extension CountLimit {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(count: try container.decode(Int.self), window: try container.decode(TimeSpan.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(count)
        try container.encode(window)
    }
}

/// The keys of a fleet's `limits`; those without a limit are left out.
extension Limits {
    private enum Key: String, CodingKey {
        case min
        case max
        case stepUp = "step_up"
        case stepDown = "step_down"
        case settle
        case reversals
        case removals
        case costPerHour = "cost_per_hour"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            min: try container.decode(Int.self, forKey: .min),
            max: try container.decodeIfPresent(Int.self, forKey: .max),
            stepUp: try container.decodeIfPresent(RateLimit.self, forKey: .stepUp),
            stepDown: try container.decodeIfPresent(RateLimit.self, forKey: .stepDown),
            settle: try container.decodeIfPresent(TimeSpan.self, forKey: .settle),
            reversals: try container.decodeIfPresent(CountLimit.self, forKey: .reversals),
            removals: try container.decodeIfPresent(RateLimit.self, forKey: .removals),
            costPerHour: try container.decodeIfPresent(ExactNumber.self, forKey: .costPerHour)?.value
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(min, forKey: .min)
        try container.encodeIfPresent(max, forKey: .max)
        try container.encodeIfPresent(stepUp, forKey: .stepUp)
        try container.encodeIfPresent(stepDown, forKey: .stepDown)
        try container.encodeIfPresent(settle, forKey: .settle)
        try container.encodeIfPresent(reversals, forKey: .reversals)
        try container.encodeIfPresent(removals, forKey: .removals)
        try container.encodeIfPresent(costPerHour.map { ExactNumber($0) }, forKey: .costPerHour)
    }
}

/// `[from, to, allowed]`.
extension FreezeWindow {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(
            from: try container.decode(Timestamp.self),
            to: try container.decode(Timestamp.self),
            allow: try container.decode(Allowed.self)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(from)
        try container.encode(to)
        try container.encode(allow)
    }
}
