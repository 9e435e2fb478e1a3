package import Domain

/// What a policy asks for.
package struct Proposal: Hashable, Sendable, Codable {
    package enum Ask: Hashable, Sendable, Codable {
        case scaleTo(Int)
        /// A whole mix, sorted by persona.
        case scaleToMix([PersonaCount])
        /// Relative to ready.
        case scaleBy(ScaleAmount)
        case atLeast(Int)
        case atMost(Int)
        case hold(HoldDirection)
        case assign(resource: String, persona: String, duration: TimeSpan?)
    }

    package enum HoldDirection: String, Hashable, Sendable, Codable {
        case both
        case `in`
        case out
    }

    package var policy: String
    package var ask: Ask
    package var reason: String

    package init(policy: String, ask: Ask, reason: String) {
        self.policy = policy
        self.ask = ask
        self.reason = reason
    }
}

/// So many of one persona.
package struct PersonaCount: Hashable, Sendable, Codable {
    package var persona: String
    package var count: Int

    package init(persona: String, count: Int) {
        self.persona = persona
        self.count = count
    }
}

/// How one policy's run ended: proposals and what it saw, or why there are none.
package struct PolicyOutcome: Hashable, Sendable, Codable {
    package enum Ending: Hashable, Sendable, Codable {
        case proposed([Proposal])
        /// It asked a value that nothing could answer; the fleet's `on_blind` takes over.
        case blind(String)
        /// The script failed (error, limit, killed); the decision goes on without it, and holds scale-in.
        case failed(String)
    }

    package var policy: String
    package var ending: Ending
    /// Every look at the world with its answer, in order.
    package var transcript: [TranscriptLine]
    package var log: [String]

    package init(policy: String, ending: Ending, transcript: [TranscriptLine] = [], log: [String] = []) {
        self.policy = policy
        self.ending = ending
        self.transcript = transcript
        self.log = log
    }
}

extension PolicyOutcome {
    /// What it asks for; nothing where it could not say.
    package var proposals: [Proposal] {
        if case .proposed(let proposals) = ending { return proposals }
        return []
    }

    /// The policy could not see what it needs, or failed.
    package var isTrouble: Bool {
        if case .proposed = ending { return false }
        return true
    }
}

/// One look at the world: call and answer, as a person reads them.
package struct TranscriptLine: Hashable, Sendable, Codable {
    package var call: String
    package var answer: String

    package init(call: String, answer: String) {
        self.call = call
        self.answer = answer
    }
}
