import Domain

/// A decision in the making: the count as it stands, the personas behind it, and each step that moved them.
///
/// ```
/// predict ─▶ merge ─▶ chooseMix ─▶ passRails ─▶ conclude
///  Sizing     proposals  Change      one file each   plan, reason
/// ```
struct Deliberation {
    let input: DecisionInput
    let standing: Standing
    let sizing: Sizing
    /// Limits with what contradicts itself put right.
    let bounds: Bounds
    let overrides: Overrides
    /// What policies asked for, in the fleet's order of policies.
    let proposals: [Proposal]
    /// What would be asked for, as far as the way has come.
    var count: Int
    /// Before the rails.
    var need = 0
    var steps: [TraceStep] = []
    /// Why the count is asked for, for the person on call: that of whoever moved the need last.
    var cause = ""
    /// What the rails had to say, in order.
    var verdicts: [String] = []
    /// The smallest ceiling that a policy asked for, while the usual rule merges.
    var ceiling: Int?
    /// Directions that a policy froze, while the usual rule merges.
    var held = Held()
    /// A whole mix that a policy asked for.
    var wantedMix: [PersonaCount]?
    /// Personas that new capacity takes, in order, and the one that fills up beyond them.
    var additions: [PersonaCount] = []
    var filler: String?
    /// What starts and retires; made once the count has passed the rails that only count.
    var change = Change()
    /// Blindness allows this much: nothing, or only scale-out.
    var blindness: Blindness?

    init(_ input: DecisionInput) {
        self.input = input
        standing = Standing(input.observation, rules: input.rules)
        sizing = Sizing(
            observation: input.observation,
            outlook: input.outlook,
            rules: input.rules,
            standing: standing
        )
        overrides = Overrides(input.rules.overrides, at: input.observation.now)
        bounds = Bounds(input.rules.limits, overrides)
        proposals = input.policies.isEmpty ? [] : input.policies.flatMap(\.proposals)
        count = standing.current
        steps.reserveCapacity(6)
    }

    var observation: Observation { input.observation }
    var rules: FleetRules { input.rules }
    var limits: Limits { input.rules.limits }
    var current: Int { standing.current }

    /// Writes one step of the trace and takes its count.
    mutating func step(_ rule: String, _ after: Int, _ reason: String) {
        steps.append(TraceStep(rule: rule, before: count, after: Count.bounded(after), reason: reason))
        count = Count.bounded(after)
    }

    /// Something that a person should know of, and that leaves the count as it is.
    mutating func note(_ rule: String, _ reason: String) {
        steps.append(TraceStep(rule: rule, before: count, after: count, reason: reason))
    }

    /// A step that a person on call should hear of in one sentence too.
    mutating func rail(_ rule: String, _ after: Int, _ reason: String) {
        step(rule, after, reason)
        verdicts.append(reason)
    }
}

/// The smallest and largest count that a fleet may have; a maximum below the minimum gives way to it.
struct Bounds {
    let min: Int
    let max: Int

    init(_ limits: Limits, _ overrides: Overrides) {
        min = Swift.max(Count.bounded(limits.min), overrides.least?.min.map(Count.bounded) ?? 0)
        let most = Swift.min(limits.max ?? Count.most, overrides.most?.max ?? Count.most)
        max = Swift.max(min, Count.bounded(most))
    }
}

/// Directions in which a policy wants no move.
struct Held {
    var `in` = false
    var out = false
}

/// What a fleet must not do because it does not see.
enum Blindness {
    case holdsBoth
    case holdsIn
}
