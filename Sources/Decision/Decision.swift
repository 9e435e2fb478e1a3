package import Domain

/// Everything a decision depends on.
///
/// Equal inputs give equal decisions, to the byte.
package struct DecisionInput: Hashable, Sendable, Codable {
    package var observation: Observation
    package var outlook: DemandOutlook?
    package var policies: [PolicyOutcome]
    /// What the merge hook answered, if a policy has one: it stands for the merge rule, nothing after it.
    package var mergeHook: HookOutcome?
    /// What the persona hook answered: the mix of new capacity.
    package var mixHook: MixHookOutcome?
    package var rules: FleetRules

    package init(
        observation: Observation,
        outlook: DemandOutlook?,
        policies: [PolicyOutcome] = [],
        mergeHook: HookOutcome? = nil,
        mixHook: MixHookOutcome? = nil,
        rules: FleetRules
    ) {
        self.observation = observation
        self.outlook = outlook
        self.policies = policies
        self.mergeHook = mergeHook
        self.mixHook = mixHook
        self.rules = rules
    }
}

/// What of a fleet and its personas the decision needs.
package struct FleetRules: Hashable, Sendable, Codable {
    package var personas: [PersonaRules]
    package var limits: Limits
    package var prediction: PredictionMode
    package var trust: Double
    package var headroom: Double
    package var freeze: [FreezeWindow]
    package var onBlind: OnBlind
    package var mode: Mode
    /// What people have said that holds for now.
    package var overrides: [OperatorOverride]
    /// What all fleets together may still take.
    package var shared: SharedBudget?

    package init(
        personas: [PersonaRules],
        limits: Limits,
        prediction: PredictionMode = .merge,
        trust: Double = 0.5,
        headroom: Double = 0.1,
        freeze: [FreezeWindow] = [],
        onBlind: OnBlind = .hold,
        mode: Mode = .act,
        overrides: [OperatorOverride] = [],
        shared: SharedBudget? = nil
    ) {
        self.personas = personas
        self.limits = limits
        self.prediction = prediction
        self.trust = trust
        self.headroom = headroom
        self.freeze = freeze
        self.onBlind = onBlind
        self.mode = mode
        self.overrides = overrides
        self.shared = shared
    }
}

/// What the decision needs of a persona.
///
/// The first of a fleet is its default.
package struct PersonaRules: Hashable, Sendable, Codable {
    package var name: String
    /// Demand that one ready resource serves, in the fleet's demand unit.
    package var capacity: Double
    package var cost: Cost

    package init(name: String, capacity: Double, cost: Cost) {
        self.name = name
        self.capacity = capacity
        self.cost = cost
    }
}

/// What the merge hook returned, or how it failed (then the native rule holds).
package struct HookOutcome: Hashable, Sendable, Codable {
    package var policy: String
    package var need: Int?
    package var reason: String
    package var transcript: [TranscriptLine]

    package init(policy: String, need: Int?, reason: String, transcript: [TranscriptLine] = []) {
        self.policy = policy
        self.need = need
        self.reason = reason
        self.transcript = transcript
    }
}

/// What the persona hook returned, or how it failed (then the cheapest mix holds).
package struct MixHookOutcome: Hashable, Sendable, Codable {
    package var policy: String
    package var mix: [PersonaCount]?
    package var reason: String
    package var transcript: [TranscriptLine]

    package init(policy: String, mix: [PersonaCount]?, reason: String, transcript: [TranscriptLine] = []) {
        self.policy = policy
        self.mix = mix
        self.reason = reason
        self.transcript = transcript
    }
}

/// What was decided for one fleet at one instant, with every step that led there.
package struct Decision: Hashable, Sendable, Codable {
    package enum Outcome: String, Hashable, Sendable, Codable {
        case scaleOut = "scale_out"
        case scaleIn = "scale_in"
        /// Same count, other personas.
        case change
        case hold
        /// What would have been done is only said (mode `observe` or `advise`).
        case advise
        /// Awaits a person's approval.
        case await
    }

    package var fleet: String
    package var at: Timestamp
    package var outcome: Outcome
    /// Asked for before: starting and ready.
    package var current: Int
    /// Asked for from now on (in modes that do not act: what would be asked for).
    package var target: Int
    /// Need before the rails.
    package var need: Int
    package var plan: Plan
    /// One sentence for the person on call.
    package var reason: String
    /// Each step that led there, in order.
    package var steps: [TraceStep]

    package init(
        fleet: String,
        at: Timestamp,
        outcome: Outcome,
        current: Int,
        target: Int,
        need: Int,
        plan: Plan,
        reason: String,
        steps: [TraceStep]
    ) {
        self.fleet = fleet
        self.at = at
        self.outcome = outcome
        self.current = current
        self.target = target
        self.need = need
        self.plan = plan
        self.reason = reason
        self.steps = steps
    }
}

/// One line of the trace: the count before and after, and why.
package struct TraceStep: Hashable, Sendable, Codable {
    /// `prediction`, `trust`, `proposal`, `merge`, `merge_hook`, `mix`, `blindness`, `min_max`, `step`, `settle`, `reversals`,
    /// `removals`, `cost`, `budget`, `freeze`, `pause`, `mode`, `plan`.
    package var rule: String
    package var before: Int
    package var after: Int
    package var reason: String

    package init(rule: String, before: Int, after: Int, reason: String) {
        self.rule = rule
        self.before = before
        self.after = after
        self.reason = reason
    }
}

/// What changes on the fleet.
///
/// Empty where nothing does.
package struct Plan: Hashable, Sendable, Codable {
    /// What starts, in the order to try: where a persona cannot be had, the next one is tried.
    package var start: [PersonaCount]
    /// Personas to fall back to, in order.
    package var fallbacks: [String]
    /// What retires: newest `starting` first, then ready ones by draining.
    package var retire: [ResourceGroup]
    package var assign: [PlannedAssignment]

    package init(
        start: [PersonaCount] = [],
        fallbacks: [String] = [],
        retire: [ResourceGroup] = [],
        assign: [PlannedAssignment] = []
    ) {
        self.start = start
        self.fallbacks = fallbacks
        self.retire = retire
        self.assign = assign
    }

    package var isEmpty: Bool { start.isEmpty && retire.isEmpty && assign.isEmpty }
}

/// A persona change that passed the rails.
package struct PlannedAssignment: Hashable, Sendable, Codable {
    package var resource: String
    package var persona: String
    package var until: Timestamp?
    package var reason: String

    package init(resource: String, persona: String, until: Timestamp?, reason: String) {
        self.resource = resource
        self.persona = persona
        self.until = until
        self.reason = reason
    }
}
