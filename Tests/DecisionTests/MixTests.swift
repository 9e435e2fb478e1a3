import Decision
import Domain
import Testing

/// Which personas new capacity takes.
struct MixTests {
    /// 10 web serve 1,000; big serves 400 for the price given.
    private func situation(bigCosts: Double, ahead: Double) -> Situation {
        var situation = Situation(ahead: Array(repeating: ahead, count: 8))
        situation.addBig(perHour: bigCosts)
        return situation
    }

    @Test func theCheapestThatServeAreTaken() {
        let cheap = situation(bigCosts: 2, ahead: 1800).decision
        #expect(cheap.plan.start == [PersonaCount(persona: "big", count: 2)])
        #expect(cheap.plan.fallbacks == ["web"])
        let dear = situation(bigCosts: 9, ahead: 1800).decision
        #expect(dear.plan.start == [PersonaCount(persona: "web", count: 8)])
    }

    @Test func theRestIsServedByWhoCostsLeastForIt() {
        let decision = situation(bigCosts: 2, ahead: 1500).decision
        #expect(
            decision.plan.start == [PersonaCount(persona: "big", count: 1), PersonaCount(persona: "web", count: 1)]
        )
        #expect(decision.target == 12)
    }

    @Test func whereFewerAreAllowedThoseThatServeMostComeFirst() {
        var situation = situation(bigCosts: 2, ahead: 1500)
        situation.rules.limits.max = 11
        #expect(situation.decision.plan.start == [PersonaCount(persona: "big", count: 1)])
    }

    /// A demand of this moment that the forecast sees fall is not added for, so it does not choose personas either.
    @Test func personasAreChosenForWhatIsAddedNotForAPassingPeak() {
        var situation = situation(bigCosts: 2, ahead: 1100)
        situation.demand = .value(1800)
        #expect(situation.decision.plan.start == [PersonaCount(persona: "web", count: 1)])
    }

    @Test func whatRetiresFirstHasNotStartedThenIsTheDearest() {
        var situation = situation(bigCosts: 9, ahead: 900)
        situation.demand = .value(900)
        situation.starting = 1
        situation.more = [ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 90), count: 1)]
        let decision = situation.decision
        #expect(decision.plan.retire.map(\.state) == [.starting, .ready, .ready])
        #expect(decision.plan.retire.map(\.persona) == ["web", "big", "web"])
        #expect(decision.plan.retire.map(\.count) == [1, 1, 1])
    }
}

/// A persona hook says which personas new capacity takes.
struct MixHookTests {
    private func situation(_ mix: [PersonaCount]?, ahead: Double = 1800) -> Situation {
        var situation = Situation(ahead: Array(repeating: ahead, count: 8))
        situation.addBig(perHour: 2)
        situation.mixHook = MixHookOutcome(policy: "chooser", mix: mix, reason: "a test")
        return situation
    }

    @Test func itsChoiceIsTaken() {
        let decision = situation([PersonaCount(persona: "web", count: 8)]).decision
        #expect(decision.plan.start == [PersonaCount(persona: "web", count: 8)])
    }

    @Test func whereItServesLessMoreOfWhatItAskedMostOfFillsUp() {
        let decision = situation([PersonaCount(persona: "web", count: 3), PersonaCount(persona: "big", count: 1)])
            .decision
        #expect(
            decision.plan.start == [PersonaCount(persona: "web", count: 4), PersonaCount(persona: "big", count: 1)]
        )
    }

    @Test(arguments: [nil, [], [PersonaCount(persona: "web", count: 0)], [PersonaCount(persona: "wbe", count: 2)]])
    func whereItChoosesNothingThatIsThereTheCheapestStandIn(_ mix: [PersonaCount]?) {
        let decision = situation(mix).decision
        #expect(decision.plan.start == [PersonaCount(persona: "big", count: 2)])
        #expect(decision.steps.contains { $0.rule == "mix" && $0.reason.contains("the cheapest mix stands in") })
    }

    @Test func aCeilingStaysACeiling() {
        var situation = situation([PersonaCount(persona: "web", count: 1)])
        situation.propose(.atMost(11))
        #expect(situation.decision.target == 11)
    }

    @Test func theMergeHooksNumberStaysThatNumber() {
        var situation = situation([PersonaCount(persona: "web", count: 1)])
        situation.mergeHook = HookOutcome(policy: "merger", need: 12, reason: "")
        #expect(situation.decision.target == 12)
        #expect(situation.decision.started() == 2)
    }
}
