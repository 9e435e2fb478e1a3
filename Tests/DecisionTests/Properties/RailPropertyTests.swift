import Decision
import Domain
import TestSupport
import Testing

/// Each rail, computed once more from its promise, over thousands of plain inputs.
///
/// What comes after a rail may undo it: the cost ceiling takes more, freeze and pause put back what stood. Such decisions are left to
/// those rails' own tests.
struct RailPropertyTests {
    private func cases(notUndoneBy rules: Set<String> = ["cost", "freeze"]) -> [AnyCase] {
        let cases = AnyCase.all.filter { any in
            !any.isAbsurd && !any.input.rules.isPaused && !any.decision.steps.contains { rules.contains($0.rule) }
        }
        #expect(cases.count > 1000)
        return cases
    }

    private func base(_ input: DecisionInput, _ window: TimeSpan, current: Int) -> Int {
        let start = input.observation.now - window
        let past = input.observation.past
        return max(1, (past.last { $0.at <= start } ?? past.first)?.target ?? current)
    }

    private func share(_ limit: RateLimit, of base: Int, up: Bool) -> Int {
        switch limit.amount {
        case .count(let count): max(1, count)
        case .fraction(let fraction): max(1, Int((Double(base) * fraction).rounded(up ? .up : .down)))
        }
    }

    @Test func stepsUpNoFurtherThanTheRate() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard let limit = input.rules.limits.stepUp else { continue }
            let base = base(input, limit.window, current: decision.current)
            let most = max(base + share(limit, of: base, up: true), decision.current, input.rules.limits.min)
            any.expect(decision.target <= most)
        }
    }

    @Test func stepsDownNoFurtherThanTheRate() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard let limit = input.rules.limits.stepDown else { continue }
            let base = base(input, limit.window, current: decision.current)
            let least = min(base - share(limit, of: base, up: false), decision.current)
            any.expect(decision.target >= least)
        }
    }

    @Test func goesNoLowerThanTheLargestNeedOfTheLastWhile() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard let settle = input.rules.limits.settle else { continue }
            let start = input.observation.now - settle
            let needs = input.observation.past.filter { $0.at >= start }.map(\.need)
            let most = max(input.rules.limits.min, input.rules.limits.max ?? .max)
            any.expect(decision.target >= min(needs.max() ?? 0, decision.current, most))
        }
    }

    @Test func removesNoMoreThanTheBudgetLeaves() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard let limit = input.rules.limits.removals, decision.outcome != .advise else { continue }
            let start = input.observation.now - limit.window
            var used = 0
            for (before, entry) in zip([nil] + input.observation.past.map(Optional.some), input.observation.past)
            where entry.at > start { used += max(entry.removed, (before?.target ?? entry.target) - entry.target) }
            let base = base(input, limit.window, current: decision.current)
            let left = max(0, share(limit, of: base, up: false) - used)
            let removed = decision.plan.retire.reduce(decision.plan.assign.count) { $0 + $1.count }
            any.expect(removed <= left)
        }
    }

    @Test func aHeldDirectionDoesNotMoveBeyondMinAndMax() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard input.mergeHook?.need == nil else { continue }
            let limits = input.rules.limits
            for proposal in input.policies.flatMap(\.proposals) {
                guard case .hold(let direction) = proposal.ask else { continue }
                let most = max(limits.min, limits.max ?? .max)
                if direction != .out { any.expect(decision.target >= min(decision.current, most)) }
                if direction != .in { any.expect(decision.target <= max(decision.current, limits.min)) }
            }
        }
    }

    @Test func aBlindFleetRemovesNothingButWhatIsAboveItsMaximum() {
        for any in cases() {
            let (input, decision) = (any.input, any.decision)
            guard decision.steps.contains(where: { $0.rule == "blindness" }) else { continue }
            let most = max(input.rules.limits.min, input.rules.limits.max ?? .max)
            any.expect(decision.target >= min(decision.current, most))
            any.expect(decision.plan.assign.isEmpty)
        }
    }

    /// Either it is paid for, or nothing more can go: the minimum stands, or what is left is not ours.
    @Test func costsNoMoreThanTheCeilingUnlessNothingMoreMayGo() {
        for any in cases(notUndoneBy: ["freeze"]) {
            let (input, decision) = (any.input, any.decision)
            guard let ceiling = input.rules.limits.costPerHour, decision.outcome != .advise else { continue }
            func price(_ persona: String) -> Double {
                (input.rules.personas.first { $0.name == persona } ?? input.rules.personas.first)?.cost.perHour ?? 0
            }
            var cost = 0.0
            var dear = 0
            for group in input.observation.resources where group.state == .ready || group.state == .starting {
                cost += price(group.persona) * Double(group.count)
                if group.managed, price(group.persona) > 0 { dear += group.count }
            }
            for part in decision.plan.start { cost += price(part.persona) * Double(part.count) }
            for group in decision.plan.retire {
                cost -= price(group.persona) * Double(group.count)
                if price(group.persona) > 0 { dear -= group.count }
            }
            dear += decision.plan.start.reduce(0) { price($1.persona) > 0 ? $0 + $1.count : $0 }
            any.expect(cost <= ceiling + 1e-6 || decision.target <= input.rules.limits.min || dear == 0)
        }
    }
}
