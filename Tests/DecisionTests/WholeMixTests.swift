import Decision
import Domain
import Testing

/// `scale_to { web = 2, big = 3 }`: the fleet moves towards the mix, and what serves now stays until its replacement is ready.
struct WholeMixTests {
    private func situation(web: Int, big: Int, demand: Double) -> Situation {
        var situation = Situation(demand: .value(demand))
        situation.addBig(perHour: 4)
        situation.rules.prediction = .off
        situation.propose(
            .scaleToMix([PersonaCount(persona: "big", count: big), PersonaCount(persona: "web", count: web)])
        )
        return situation
    }

    @Test func replacementsStartBeforeWhatServesNowGoes() {
        let decision = situation(web: 0, big: 10, demand: 1000).decision
        #expect(decision.started("big") == 10)
        #expect(decision.plan.retire.isEmpty)
        #expect(decision.target == 20)
    }

    @Test func whatIsNotNeededNowMayGoAtOnce() {
        let decision = situation(web: 0, big: 10, demand: 650).decision
        #expect(decision.retired(.ready) == 3)
        #expect(decision.target == 17)
    }

    @Test func onceReplacementsAreReadyTheOthersGo() {
        var situation = situation(web: 0, big: 10, demand: 1000)
        situation.more = [ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 9), count: 10)]
        let decision = situation.decision
        #expect(decision.retired(.ready) == 10)
        #expect(decision.target == 10)
    }

    @Test func theMaximumHoldsWhileTheyAreReplaced() {
        var situation = situation(web: 0, big: 10, demand: 800)
        situation.rules.limits.max = 12
        let decision = situation.decision
        #expect(decision.target == 12)
        #expect(decision.started("big") == 4)
        #expect(decision.retired(.ready) == 2)
    }

    @Test func theStepLimitHoldsWhileTheyAreReplaced() {
        var situation = situation(web: 0, big: 10, demand: 1000)
        situation.rules.limits.stepUp = RateLimit(amount: .count(3), window: .minutes(1))
        #expect(situation.decision.target == 13)
    }

    @Test func theRemovalBudgetHoldsWhileTheyAreReplaced() {
        var situation = situation(web: 0, big: 10, demand: 0)
        situation.rules.limits.removals = RateLimit(amount: .count(4), window: .hours(1))
        let decision = situation.decision
        #expect(decision.retired(.ready) == 4)
        #expect(decision.past.removed == 4)
        situation.past = [PastDecision(at: ago(minutes: 5), target: 10, need: 10, removed: 4)]
        #expect(situation.decision.plan.retire.isEmpty, "the next decision knows what the last one replaced")
    }

    @Test func aPolicyThatHoldsFreezesTheMixToo() {
        var both = situation(web: 0, big: 10, demand: 500)
        both.propose(.hold(.both), by: "calm")
        #expect(both.decision.plan.isEmpty)
        var inwards = situation(web: 0, big: 10, demand: 500)
        inwards.propose(.hold(.in), by: "calm")
        #expect(inwards.decision.plan.retire.isEmpty)
        var outwards = situation(web: 0, big: 10, demand: 500)
        outwards.propose(.hold(.out), by: "calm")
        #expect(outwards.decision.target == 10)
        #expect(outwards.decision.started("big") == 5)
    }

    @Test func fewerThanTheMixKeepWhatIsThereAndWanted() {
        var situation = situation(web: 10, big: 10, demand: 0)
        situation.ready = 0
        situation.more = [ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 90), count: 10)]
        situation.rules.limits.max = 15
        let decision = situation.decision
        #expect(decision.plan.start == [PersonaCount(persona: "web", count: 5)])
        #expect(decision.plan.retire.isEmpty)
    }

    @Test func moreThanTheMixKeepWhatIsThere() {
        var situation = situation(web: 0, big: 2, demand: 0)
        situation.rules.limits.min = 6
        let decision = situation.decision
        #expect(decision.started("big") == 2)
        #expect(decision.retired(.ready) == 6)
        #expect(decision.target == 6)
    }

    @Test func aPersonaThatIsNoneOfTheFleetsIsNotFollowed() {
        var situation = situation(web: 1, big: 1, demand: 0)
        situation.rules.personas.removeLast()
        let decision = situation.decision
        #expect(decision.outcome == .hold)
        #expect(decision.step("mix")?.reason.contains("asks for persona big, which is none of the fleet's") ?? false)
    }

    @Test func aBlindFleetChangesNoMix() {
        var situation = situation(web: 0, big: 10, demand: 0)
        situation.policies.append(PolicyOutcome(policy: "other", ending: .blind("cpu is stale")))
        #expect(situation.decision.plan.isEmpty)
    }
}
