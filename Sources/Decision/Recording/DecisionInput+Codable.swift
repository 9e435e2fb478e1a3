import Domain

extension DecisionInput {
    private enum Key: String, CodingKey {
        case observation
        case outlook
        case policies
        case mergeHook = "merge_hook"
        case mixHook = "mix_hook"
        case rules
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            observation: try container.decode(Observation.self, forKey: .observation),
            outlook: try container.decodeIfPresent(DemandOutlook.self, forKey: .outlook),
            policies: try container.decodeIfPresent([PolicyOutcome].self, forKey: .policies) ?? [],
            mergeHook: try container.decodeIfPresent(HookOutcome.self, forKey: .mergeHook),
            mixHook: try container.decodeIfPresent(MixHookOutcome.self, forKey: .mixHook),
            rules: try container.decode(FleetRules.self, forKey: .rules)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(observation, forKey: .observation)
        try container.encodeIfPresent(outlook, forKey: .outlook)
        if !policies.isEmpty { try container.encode(policies, forKey: .policies) }
        try container.encodeIfPresent(mergeHook, forKey: .mergeHook)
        try container.encodeIfPresent(mixHook, forKey: .mixHook)
        try container.encode(rules, forKey: .rules)
    }
}

/// The keys of a fleet; what is as it mostly is, is left out.
extension FleetRules {
    private enum Key: String, CodingKey {
        case personas
        case limits
        case prediction
        case trust
        case headroom
        case freeze
        case onBlind = "on_blind"
        case mode
        case paused
        case overrides
        case shared
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            personas: try container.decode([PersonaRules].self, forKey: .personas),
            limits: try container.decode(Limits.self, forKey: .limits),
            prediction: try container.decode(PredictionMode.self, forKey: .prediction),
            trust: try container.decode(ExactNumber.self, forKey: .trust).value,
            headroom: try container.decode(ExactNumber.self, forKey: .headroom).value,
            freeze: try container.decodeIfPresent([FreezeWindow].self, forKey: .freeze) ?? [],
            onBlind: try container.decode(OnBlind.self, forKey: .onBlind),
            mode: try container.decode(Mode.self, forKey: .mode),
            overrides: try container.decodeIfPresent([OperatorOverride].self, forKey: .overrides) ?? [],
            shared: try container.decodeIfPresent(SharedBudget.self, forKey: .shared)
        )
        // As earlier records said it.
        if try container.decodeIfPresent(Bool.self, forKey: .paused) ?? false {
            overrides.append(OperatorOverride(pause: .all, by: "a person"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(personas, forKey: .personas)
        try container.encode(limits, forKey: .limits)
        try container.encode(prediction, forKey: .prediction)
        try container.encode(ExactNumber(trust), forKey: .trust)
        try container.encode(ExactNumber(headroom), forKey: .headroom)
        if !freeze.isEmpty { try container.encode(freeze, forKey: .freeze) }
        try container.encode(onBlind, forKey: .onBlind)
        try container.encode(mode, forKey: .mode)
        if !overrides.isEmpty { try container.encode(overrides, forKey: .overrides) }
        try container.encodeIfPresent(shared, forKey: .shared)
    }
}

/// `{"name": "low-latency", "capacity": 120, "per_hour": 0.34, "shortfall": 6.8}`.
extension PersonaRules {
    private enum Key: String, CodingKey {
        case name
        case capacity
        case perHour = "per_hour"
        case shortfall
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            capacity: try container.decode(ExactNumber.self, forKey: .capacity).value,
            cost: Cost(
                perHour: try container.decode(ExactNumber.self, forKey: .perHour).value,
                shortfall: try container.decode(ExactNumber.self, forKey: .shortfall).value
            )
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(ExactNumber(capacity), forKey: .capacity)
        try container.encode(ExactNumber(cost.perHour), forKey: .perHour)
        try container.encode(ExactNumber(cost.shortfall), forKey: .shortfall)
    }
}

extension HookOutcome {
    private enum Key: String, CodingKey {
        case policy
        case need
        case reason
        case transcript = "looked"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            policy: try container.decode(String.self, forKey: .policy),
            need: try container.decodeIfPresent(Int.self, forKey: .need),
            reason: try container.decode(String.self, forKey: .reason),
            transcript: try container.decodeIfPresent([TranscriptLine].self, forKey: .transcript) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(policy, forKey: .policy)
        try container.encodeIfPresent(need, forKey: .need)
        try container.encode(reason, forKey: .reason)
        if !transcript.isEmpty { try container.encode(transcript, forKey: .transcript) }
    }
}

extension MixHookOutcome {
    private enum Key: String, CodingKey {
        case policy
        case mix
        case reason
        case transcript = "looked"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            policy: try container.decode(String.self, forKey: .policy),
            mix: try container.decodeIfPresent([PersonaCount].self, forKey: .mix),
            reason: try container.decode(String.self, forKey: .reason),
            transcript: try container.decodeIfPresent([TranscriptLine].self, forKey: .transcript) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(policy, forKey: .policy)
        try container.encodeIfPresent(mix, forKey: .mix)
        try container.encode(reason, forKey: .reason)
        if !transcript.isEmpty { try container.encode(transcript, forKey: .transcript) }
    }
}
