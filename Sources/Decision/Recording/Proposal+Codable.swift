import Domain

/// `{"policy": "latency-guard", "scale_by": {"fraction": 0.2}, "reason": "p99 above objective"}`.
extension Proposal {
    private enum Key: String, CodingKey {
        case policy
        case scaleTo = "scale_to"
        case scaleToMix = "mix"
        case scaleBy = "scale_by"
        case atLeast = "at_least"
        case atMost = "at_most"
        case hold
        case assign
        case persona
        case duration
        case reason
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let ask: Ask
        if let count = try container.decodeIfPresent(Int.self, forKey: .scaleTo) {
            ask = .scaleTo(count)
        } else if let mix = try container.decodeIfPresent([PersonaCount].self, forKey: .scaleToMix) {
            ask = .scaleToMix(mix)
        } else if let amount = try container.decodeIfPresent(ScaleAmount.self, forKey: .scaleBy) {
            ask = .scaleBy(amount)
        } else if let count = try container.decodeIfPresent(Int.self, forKey: .atLeast) {
            ask = .atLeast(count)
        } else if let count = try container.decodeIfPresent(Int.self, forKey: .atMost) {
            ask = .atMost(count)
        } else if let direction = try container.decodeIfPresent(HoldDirection.self, forKey: .hold) {
            ask = .hold(direction)
        } else {
            ask = .assign(
                resource: try container.decode(String.self, forKey: .assign),
                persona: try container.decode(String.self, forKey: .persona),
                duration: try container.decodeIfPresent(TimeSpan.self, forKey: .duration)
            )
        }
        self.init(
            policy: try container.decode(String.self, forKey: .policy),
            ask: ask,
            reason: try container.decodeIfPresent(String.self, forKey: .reason) ?? ""
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(policy, forKey: .policy)
        switch ask {
        case .scaleTo(let count): try container.encode(count, forKey: .scaleTo)
        case .scaleToMix(let mix): try container.encode(mix, forKey: .scaleToMix)
        case .scaleBy(let amount): try container.encode(amount, forKey: .scaleBy)
        case .atLeast(let count): try container.encode(count, forKey: .atLeast)
        case .atMost(let count): try container.encode(count, forKey: .atMost)
        case .hold(let direction): try container.encode(direction, forKey: .hold)
        case .assign(let resource, let persona, let duration):
            try container.encode(resource, forKey: .assign)
            try container.encode(persona, forKey: .persona)
            try container.encodeIfPresent(duration, forKey: .duration)
        }
        if !reason.isEmpty { try container.encode(reason, forKey: .reason) }
    }
}

/// `["low-latency", 3]`.
extension PersonaCount {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(persona: try container.decode(String.self), count: try container.decode(Int.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(persona)
        try container.encode(count)
    }
}

/// `{"policy": "latency-guard", "proposed": […], "looked": […]}`, with `blind` or `failed` in place of `proposed`.
extension PolicyOutcome {
    private enum Key: String, CodingKey {
        case policy
        case proposed
        case blind
        case failed
        case looked
        case log
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let ending: Ending
        if let what = try container.decodeIfPresent(String.self, forKey: .blind) {
            ending = .blind(what)
        } else if let why = try container.decodeIfPresent(String.self, forKey: .failed) {
            ending = .failed(why)
        } else {
            ending = .proposed(try container.decodeIfPresent([Proposal].self, forKey: .proposed) ?? [])
        }
        self.init(
            policy: try container.decode(String.self, forKey: .policy),
            ending: ending,
            transcript: try container.decodeIfPresent([TranscriptLine].self, forKey: .looked) ?? [],
            log: try container.decodeIfPresent([String].self, forKey: .log) ?? []
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(policy, forKey: .policy)
        switch ending {
        case .proposed(let proposals): if !proposals.isEmpty { try container.encode(proposals, forKey: .proposed) }
        case .blind(let what): try container.encode(what, forKey: .blind)
        case .failed(let why): try container.encode(why, forKey: .failed)
        }
        if !transcript.isEmpty { try container.encode(transcript, forKey: .looked) }
        if !log.isEmpty { try container.encode(log, forKey: .log) }
    }
}

/// `[call, answer]`.
extension TranscriptLine {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(call: try container.decode(String.self), answer: try container.decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(call)
        try container.encode(answer)
    }
}
