import Domain

// How decisions and their inputs are recorded: JSON that a person can read and that stays small, since a backtest writes 100,000 of
// them. Lists of like things are rows, values that say nothing are left out, enum cases are what they are called in a policy.

extension Observation {
    private enum Key: String, CodingKey {
        case fleet
        case now
        case demand
        case resources
        case lead
        case interval
        case past
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            fleet: try container.decode(String.self, forKey: .fleet),
            now: try container.decode(Timestamp.self, forKey: .now),
            demand: try container.decode(Reading.self, forKey: .demand),
            resources: try container.decodeIfPresent([ResourceGroup].self, forKey: .resources) ?? [],
            leadTime: try container.decode(TimeSpan.self, forKey: .lead),
            interval: try container.decode(TimeSpan.self, forKey: .interval),
            past: try container.decodeIfPresent([PastDecision].self, forKey: .past) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(fleet, forKey: .fleet)
        try container.encode(now, forKey: .now)
        try container.encode(demand, forKey: .demand)
        if !resources.isEmpty { try container.encode(resources, forKey: .resources) }
        try container.encode(leadTime, forKey: .lead)
        try container.encode(interval, forKey: .interval)
        if !past.isEmpty { try container.encode(past, forKey: .past) }
    }
}

/// `1790.5`, or `{"blind": "stale", "last": 1700}`.
extension Reading {
    private enum Key: String, CodingKey {
        case blind
        case last
    }

    package init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .blind(
                status: try container.decode(String.self, forKey: .blind),
                last: try container.decodeIfPresent(ExactNumber.self, forKey: .last)?.value
            )
        } else {
            self = .value(try ExactNumber(from: decoder).value)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .value(let value):
            try ExactNumber(value).encode(to: encoder)
        case .blind(let status, let last):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(status, forKey: .blind)
            try container.encodeIfPresent(last.map { ExactNumber($0) }, forKey: .last)
        }
    }
}

/// `["low-latency", "ready", since, count]`, and behind it `"unmanaged"` of those that are not ours, `"assigned"` of those that a person
/// has assigned.
extension ResourceGroup {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(
            persona: try container.decode(String.self),
            state: try container.decode(ResourceState.self),
            since: try container.decode(Timestamp.self),
            count: try container.decode(Int.self)
        )
        while !container.isAtEnd {
            switch try container.decode(String.self) {
            case "unmanaged": managed = false
            case "assigned": assigned = true
            case let word:
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "\"\(word)\" says nothing of resources; expected \"unmanaged\" or \"assigned\""
                )
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(persona)
        try container.encode(state)
        try container.encode(since)
        try container.encode(count)
        if !managed { try container.encode("unmanaged") }
        if assigned { try container.encode("assigned") }
    }
}

/// `[at, target, need]`, and the number removed behind those that removed any.
extension PastDecision {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(
            at: try container.decode(Timestamp.self),
            target: try container.decode(Int.self),
            need: try container.decode(Int.self),
            removed: try container.isAtEnd ? 0 : container.decode(Int.self)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(at)
        try container.encode(target)
        try container.encode(need)
        if removed != 0 { try container.encode(removed) }
    }
}

extension DemandOutlook {
    private enum Key: String, CodingKey {
        case model
        case trust
        case origin
        case step
        case quantile
        case values
        case medians
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            model: try container.decode(String.self, forKey: .model),
            trust: try container.decode(ExactNumber.self, forKey: .trust).value,
            origin: try container.decode(Timestamp.self, forKey: .origin),
            step: try container.decode(TimeSpan.self, forKey: .step),
            quantile: try container.decode(ExactNumber.self, forKey: .quantile).value,
            values: try container.decode([ExactNumber].self, forKey: .values).map(\.value),
            medians: try container.decodeIfPresent([ExactNumber].self, forKey: .medians)?.map(\.value) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(model, forKey: .model)
        try container.encode(ExactNumber(trust), forKey: .trust)
        try container.encode(origin, forKey: .origin)
        try container.encode(step, forKey: .step)
        try container.encode(ExactNumber(quantile), forKey: .quantile)
        // A list of plain numbers is many times faster to write than one of values that encode themselves.
        try Self.encode(values, into: &container, forKey: .values)
        if !medians.isEmpty { try Self.encode(medians, into: &container, forKey: .medians) }
    }

    private static func encode(
        _ numbers: [Double],
        into container: inout KeyedEncodingContainer<Key>,
        forKey key: Key
    ) throws {
        if numbers.allSatisfy(\.isFinite) {
            try container.encode(numbers, forKey: key)
        } else {
            try container.encode(numbers.map { ExactNumber($0) }, forKey: key)
        }
    }
}
