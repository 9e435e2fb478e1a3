import Domain

extension Decision {
    private enum Key: String, CodingKey {
        case fleet
        case at
        case outcome
        case current
        case target
        case need
        case plan
        case reason
        case steps
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            fleet: try container.decode(String.self, forKey: .fleet),
            at: try container.decode(Timestamp.self, forKey: .at),
            outcome: try container.decode(Outcome.self, forKey: .outcome),
            current: try container.decode(Int.self, forKey: .current),
            target: try container.decode(Int.self, forKey: .target),
            need: try container.decode(Int.self, forKey: .need),
            plan: try container.decodeIfPresent(Plan.self, forKey: .plan) ?? Plan(),
            reason: try container.decode(String.self, forKey: .reason),
            steps: try container.decode([TraceStep].self, forKey: .steps)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(fleet, forKey: .fleet)
        try container.encode(at, forKey: .at)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(current, forKey: .current)
        try container.encode(target, forKey: .target)
        try container.encode(need, forKey: .need)
        if plan != Plan() { try container.encode(plan, forKey: .plan) }
        try container.encode(reason, forKey: .reason)
        try container.encode(steps, forKey: .steps)
    }
}

/// `["step", 18, 15, "step limit 100%/1m allowed 15 of 18"]`: rule, count before, count after, reason.
extension TraceStep {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(
            rule: try container.decode(String.self),
            before: try container.decode(Int.self),
            after: try container.decode(Int.self),
            reason: try container.decode(String.self)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(rule)
        try container.encode(before)
        try container.encode(after)
        try container.encode(reason)
    }
}

extension Plan {
    private enum Key: String, CodingKey {
        case start
        case fallbacks
        case retire
        case assign
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            start: try container.decodeIfPresent([PersonaCount].self, forKey: .start) ?? [],
            fallbacks: try container.decodeIfPresent([String].self, forKey: .fallbacks) ?? [],
            retire: try container.decodeIfPresent([ResourceGroup].self, forKey: .retire) ?? [],
            assign: try container.decodeIfPresent([PlannedAssignment].self, forKey: .assign) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if !start.isEmpty { try container.encode(start, forKey: .start) }
        if !fallbacks.isEmpty { try container.encode(fallbacks, forKey: .fallbacks) }
        if !retire.isEmpty { try container.encode(retire, forKey: .retire) }
        if !assign.isEmpty { try container.encode(assign, forKey: .assign) }
    }
}
