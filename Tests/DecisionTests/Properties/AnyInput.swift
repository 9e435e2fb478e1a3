import Decision
import Domain
import TestSupport

/// Inputs of every kind, plain and absurd.
///
/// Plain ones are what a fleet may look like; absurd ones have NaN, infinities, negative and largest counts, no personas, personas
/// that are not there, time that runs backwards.
struct AnyInput {
    var random: SeededGenerator
    let isAbsurd: Bool

    init(seed: UInt64, absurd: Bool) {
        random = SeededGenerator(seed: seed)
        isAbsurd = absurd
    }

    private static let names = ["web", "big", "spot"]

    mutating func make() -> DecisionInput {
        let personas = (0..<(isAbsurd ? random.pick([0, 1, 1, 2, 3]) : random.pick([1, 1, 2, 3]))).map { persona($0) }
        let observation = Observation(
            fleet: "shop",
            now: time(0),
            demand: reading(),
            resources: resources(of: personas.map(\.name)),
            leadTime: span(600),
            interval: span(300),
            past: past()
        )
        var input = DecisionInput(observation: observation, outlook: outlook(), rules: rules(personas))
        input.policies = (0..<random.pick([0, 1, 1, 2, 3])).map { policy("policy-\($0)") }
        if random.oneIn(8) {
            input.mergeHook = HookOutcome(policy: "merger", need: random.oneIn(4) ? nil : count(), reason: "merged")
        }
        if random.oneIn(5) {
            input.mixHook = MixHookOutcome(policy: "chooser", mix: random.oneIn(4) ? nil : mix(), reason: "chosen")
        }
        return input
    }

    // MARK: Numbers

    private mutating func count() -> Int {
        if isAbsurd, random.oneIn(5) {
            return random.pick([.max, .min, -1, 0, 1_000_000_000, 2_000_000_000, .max - 1])
        }
        return random.pick([0, 1, 2, 3, 5, 10, Int.random(in: 0..<60, using: &random)])
    }

    private mutating func number(upTo most: Double) -> Double {
        if isAbsurd, random.oneIn(5) {
            return random.pick([
                .nan, .infinity, -.infinity, -1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
                -.greatestFiniteMagnitude, 1e300,
            ])
        }
        if random.oneIn(6) { return 0 }
        return Double.random(in: 0...most, using: &random)
    }

    private mutating func span(_ seconds: Int64) -> TimeSpan {
        if isAbsurd, random.oneIn(6) {
            return TimeSpan(milliseconds: random.pick([0, -1, 1, .max, .min, -60_000]))
        }
        return .seconds(Int64.random(in: 1...seconds, using: &random))
    }

    private mutating func time(_ secondsAgo: Int64) -> Timestamp {
        if isAbsurd, random.oneIn(12) { return Timestamp(milliseconds: random.pick([.max, .min, 0])) }
        return Situation.noon - .seconds(secondsAgo)
    }

    // MARK: What is seen

    private mutating func reading() -> Reading {
        if random.oneIn(6) {
            return .blind(
                status: random.pick(["idle", "missing", "stale", "source_down", ""]),
                last: random.oneIn(2) ? nil : 5
            )
        }
        return .value(number(upTo: 4000))
    }

    private mutating func resources(of names: [String]) -> [ResourceGroup] {
        (0..<random.pick([0, 1, 2, 3, 6]))
            .map { _ in
                ResourceGroup(
                    persona: random.oneIn(12) ? "ghost" : names.isEmpty ? "web" : random.pick(names),
                    state: random.pick([.ready, .ready, .ready, .starting, .starting, .draining, .gone]),
                    since: time(Int64.random(in: 0...900, using: &random)),
                    count: count(),
                    managed: !random.oneIn(8)
                )
            }
    }

    private mutating func past() -> [PastDecision] {
        var seconds = Int64.random(in: 0...7200, using: &random)
        var entries: [PastDecision] = []
        while seconds > 0, entries.count < 12 {
            entries.append(
                PastDecision(at: time(seconds), target: count(), need: count(), removed: random.oneIn(4) ? count() : 0)
            )
            seconds -= Int64.random(in: 1...1200, using: &random)
        }
        return entries
    }

    private mutating func outlook() -> DemandOutlook? {
        if random.oneIn(5) { return nil }
        return DemandOutlook(
            model: "any",
            trust: number(upTo: 1),
            origin: time(Int64.random(in: -120...120, using: &random)),
            step: span(120),
            quantile: number(upTo: 1),
            values: (0..<random.pick([0, 1, 5, 20])).map { _ in number(upTo: 4000) }
        )
    }

    // MARK: What is asked

    private mutating func mix() -> [PersonaCount] {
        (0..<random.pick([0, 1, 2, 3])).map { _ in PersonaCount(persona: random.pick(Self.names), count: count()) }
    }

    private mutating func policy(_ name: String) -> PolicyOutcome {
        if random.oneIn(10) { return PolicyOutcome(policy: name, ending: .blind("cpu is missing")) }
        if random.oneIn(12) { return PolicyOutcome(policy: name, ending: .failed("line 3")) }
        let proposals = (0..<random.pick([0, 1, 1, 2]))
            .map { _ in Proposal(policy: name, ask: ask(), reason: random.oneIn(3) ? "" : "because") }
        return PolicyOutcome(
            policy: name,
            ending: .proposed(proposals),
            transcript: [TranscriptLine(call: "cpu:last()", answer: "0.5")]
        )
    }

    private mutating func ask() -> Proposal.Ask {
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: .scaleTo(count())
        case 2: .scaleToMix(mix())
        case 3: .scaleBy(.count(random.oneIn(2) ? count() : 0 &- count()))
        case 4: .scaleBy(.fraction(random.oneIn(2) ? number(upTo: 2) : -number(upTo: 2)))
        case 5: .atLeast(count())
        case 6: .atMost(count())
        case 7: .hold(random.pick([.both, .in, .out]))
        case 8: .assign(resource: "vm-\(random.pick([1, 2]))", persona: random.pick(Self.names), duration: nil)
        default: .assign(resource: "vm-3", persona: random.pick(Self.names), duration: span(600))
        }
    }

    // MARK: Rules

    private mutating func persona(_ index: Int) -> PersonaRules {
        PersonaRules(
            name: isAbsurd && random.oneIn(10) ? "web" : Self.names[index],
            capacity: isAbsurd ? number(upTo: 300) : Double.random(in: 1...300, using: &random),
            cost: Cost(perHour: number(upTo: 4), shortfall: number(upTo: 20))
        )
    }

    private mutating func amount() -> ScaleAmount {
        random.oneIn(2) ? .count(count()) : .fraction(number(upTo: 1.5))
    }

    private mutating func rate() -> RateLimit? {
        random.oneIn(2) ? nil : RateLimit(amount: amount(), window: span(3600))
    }

    private mutating func rules(_ personas: [PersonaRules]) -> FleetRules {
        let limits = Limits(
            min: count(),
            max: random.oneIn(2) ? nil : count(),
            stepUp: rate(),
            stepDown: rate(),
            settle: random.oneIn(2) ? nil : span(900),
            reversals: random.oneIn(2) ? nil : CountLimit(count: count(), window: span(3600)),
            removals: rate(),
            costPerHour: random.oneIn(2) ? nil : number(upTo: 60)
        )
        let freeze =
            random.oneIn(4)
            ? [FreezeWindow(from: time(60), to: time(-60), allow: random.pick([.nothing, .out, .in]))] : []
        return FleetRules(
            personas: personas,
            limits: limits,
            prediction: random.pick([.merge, .merge, .floor, .off]),
            trust: number(upTo: 1),
            headroom: number(upTo: 0.5),
            freeze: freeze,
            onBlind: random.pick([.hold, .holdIn]),
            mode: random.pick([.act, .act, .act, .approve, .advise, .observe]),
            overrides: random.oneIn(20) ? [OperatorOverride(pause: .all, by: "a person")] : []
        )
    }
}

extension FleetRules {
    var isPaused: Bool { overrides.contains { $0.pause == .all } }
}
