import Decision
import Domain

/// A fleet at noon, put together from what a test is about; all else is plain: each resource serves 100, costs 1 an hour, is ready
/// five minutes after it was asked for, and nothing limits the count but a minimum of 1.
struct Situation {
    static let noon = Timestamp(milliseconds: 1_772_452_800_000)

    var ready = 10
    var starting = 0
    /// Resources beside `ready` and `starting`.
    var more: [ResourceGroup] = []
    var demand = Reading.value(1000)
    /// Demand that the forecast expects in each step; nil where there is no forecast.
    var ahead: [Double]?
    var trust = 0.9
    var past: [PastDecision] = []
    var policies: [PolicyOutcome] = []
    var mergeHook: HookOutcome?
    var mixHook: MixHookOutcome?
    var rules = FleetRules(
        personas: [PersonaRules(name: "web", capacity: 100, cost: Cost(perHour: 1, shortfall: 20))],
        limits: Limits(min: 1),
        headroom: 0
    )

    var input: DecisionInput {
        var resources: [ResourceGroup] = []
        if ready > 0 {
            resources.append(ResourceGroup(persona: "web", state: .ready, since: Self.noon - .hours(2), count: ready))
        }
        if starting > 0 {
            resources.append(
                ResourceGroup(persona: "web", state: .starting, since: Self.noon - .minutes(1), count: starting)
            )
        }
        let observation = Observation(
            fleet: "shop",
            now: Self.noon,
            demand: demand,
            resources: resources + more,
            leadTime: .minutes(5),
            interval: .minutes(1),
            past: past
        )
        let outlook = ahead.map {
            DemandOutlook(
                model: "test",
                trust: trust,
                origin: Self.noon,
                step: .minutes(1),
                quantile: 0.95,
                values: $0
            )
        }
        return DecisionInput(
            observation: observation,
            outlook: outlook,
            policies: policies,
            mergeHook: mergeHook,
            mixHook: mixHook,
            rules: rules
        )
    }

    var decision: Decision { decide(input) }

    /// A policy named `guard` that asks for all of `asks`.
    mutating func propose(_ asks: Proposal.Ask..., by policy: String = "guard") {
        policies.append(
            PolicyOutcome(
                policy: policy,
                ending: .proposed(asks.map { Proposal(policy: policy, ask: $0, reason: "a test") })
            )
        )
    }

    /// Past decisions: minutes before noon, target, and need where it is another.
    mutating func remember(_ entries: (minutesAgo: Int64, target: Int)...) {
        past = entries.map { entry in
            PastDecision(at: Self.noon - .minutes(entry.minutesAgo), target: entry.target, need: entry.target)
        }
    }

    /// Two personas: `web`, and `big` that serves 400 for the price given.
    mutating func addBig(perHour: Double) {
        rules.personas.append(PersonaRules(name: "big", capacity: 400, cost: Cost(perHour: perHour, shortfall: 20)))
    }
}

extension Decision {
    /// The step that a rule left in the trace.
    func step(_ rule: String) -> TraceStep? { steps.last { $0.rule == rule } }

    func retired(_ state: ResourceState, persona: String = "web") -> Int {
        plan.retire.reduce(0) { $1.state == state && $1.persona == persona ? $0 + $1.count : $0 }
    }

    func started(_ persona: String = "web") -> Int {
        plan.start.reduce(0) { $1.persona == persona ? $0 + $1.count : $0 }
    }
}

func minutes(_ n: Int64) -> TimeSpan { .minutes(n) }

func ago(minutes: Int64) -> Timestamp { Situation.noon - .minutes(minutes) }

func fromNow(minutes: Int64) -> Timestamp { Situation.noon + .minutes(minutes) }
