import Decision
import Domain
import TestSupport
import Testing

/// What a decision leaves for the rails of later ones.
struct MemoryTests {
    private let limits = Limits(
        min: 1,
        stepUp: RateLimit(amount: .fraction(0.5), window: .minutes(4)),
        stepDown: RateLimit(amount: .fraction(0.3), window: .minutes(7)),
        settle: .minutes(6),
        reversals: CountLimit(count: 3, window: .minutes(40)),
        removals: RateLimit(amount: .count(12), window: .minutes(30))
    )

    /// A loop that acts at once and remembers.
    private struct Loop {
        var now = Situation.noon
        var ready = 10
        var past: [PastDecision] = []

        mutating func decision(for demand: Double, _ limits: Limits, remember: (inout [PastDecision], Decision) -> Void)
            -> Decision
        {
            var situation = Situation(
                ready: ready,
                demand: .value(demand),
                ahead: Array(repeating: demand, count: 8),
                past: past
            )
            situation.rules.limits = limits
            var input = situation.input
            input.observation.now = now
            input.outlook?.origin = now
            let decision = decide(input)
            remember(&past, decision)
            ready = decision.target
            now = now + .minutes(1)
            return decision
        }
    }

    @Test(arguments: 0..<UInt64(8)) func aShortenedPastDecidesAsTheWholeOne(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var whole = Loop()
        var short = Loop()
        var longest = 0
        var rules: Set<String> = []
        for _ in 0..<400 {
            let demand = Double(random.pick([1, 3, 8, 8, 8, 12, 15, 30])) * 100
            let a = whole.decision(for: demand, limits) { $0.append($1.past) }
            let b = short.decision(for: demand, limits) { $0.remember($1.past, for: .minutes(40)) }
            #expect(a == b)
            longest = max(longest, short.past.count)
            rules.formUnion(a.steps.map(\.rule))
        }
        #expect(longest <= 43, "one entry a minute of the longest window, the one before it and the move before that")
        #expect(rules.isSuperset(of: ["step", "settle", "reversals", "removals"]), "every rail had its say")
    }

    @Test(arguments: 0..<UInt64(8)) func budgetsHoldInEveryWindow(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 1000)
        var loop = Loop()
        // What stood before the first decision nobody knows: its own move is not in the past.
        var targets: [Int] = []
        for _ in 0..<400 {
            let demand = Double(random.pick([1, 3, 8, 12, 30])) * 100
            targets.append(loop.decision(for: demand, limits) { $0.remember($1.past, for: .minutes(40)) }.target)
        }
        let moves = zip(targets.dropFirst(), targets).map { $0.0 - $0.1 }
        let mostRemoved = moves.indices.map { moves[max(0, $0 - 29)...$0].reduce(0) { $0 - min($1, 0) } }.max()
        #expect(mostRemoved ?? 0 <= 12, "within 30 minutes")
        var turns: [(at: Int, inwards: Bool)] = []
        var direction = 0
        for (at, move) in moves.enumerated() where move != 0 {
            if move.signum() == -direction { turns.append((at, move < 0)) }
            direction = move.signum()
        }
        let before = turns.filter(\.inwards).map { turn in turns.count { $0.at > turn.at - 40 && $0.at < turn.at } }
        #expect(before.max() ?? 0 < 3, "and none after three of either way within 40 minutes")
    }

    @Test func aQuietFleetIsRememberedInAHandfulOfEntries() {
        var loop = Loop()
        for _ in 0..<500 { _ = loop.decision(for: 1000, limits) { $0.remember($1.past, for: .hours(24)) } }
        #expect(loop.past.count <= 3)
    }

    @Test func aReplacementIsNotForgotten() {
        var past: [PastDecision] = []
        for minute in 0..<10 {
            past.remember(
                PastDecision(at: fromNow(minutes: Int64(minute)), target: 5, need: 5, removed: minute == 4 ? 2 : 0),
                for: .hours(1)
            )
        }
        #expect(past.map(\.removed).reduce(0, +) == 2)
    }
}
