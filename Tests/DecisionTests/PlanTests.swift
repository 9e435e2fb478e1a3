import Decision
import Domain
import Foundation
import Testing

/// Which resources start and which retire.
struct PlanTests {
    @Test func theNewestStartingGoFirst() {
        var situation = Situation(demand: .value(700), ahead: Array(repeating: 700, count: 8))
        situation.ready = 6
        situation.more = [
            ResourceGroup(persona: "web", state: .starting, since: ago(minutes: 3), count: 2),
            ResourceGroup(persona: "web", state: .starting, since: ago(minutes: 1), count: 1),
        ]
        let decision = situation.decision
        #expect(decision.plan.retire.map(\.since) == [ago(minutes: 1), ago(minutes: 3)])
        #expect(decision.plan.retire.map(\.count) == [1, 1])
        #expect(decision.steps.last?.reason == "retire 2 still starting")
    }

    @Test func whatIsNotOursIsCountedAndNeverRetired() {
        var situation = Situation(ready: 2, demand: .value(100), ahead: Array(repeating: 100, count: 8))
        situation.more = [
            ResourceGroup(persona: "web", state: .ready, since: ago(minutes: 90), count: 3, managed: false)
        ]
        let decision = situation.decision
        #expect(decision.current == 5)
        #expect(decision.target == 3)
        #expect(decision.retired(.ready) == 2)
        #expect(decision.reason.contains("3 are not ours and never retired"))
    }

    /// The dearer persona goes first, but for those of which a person has said what they are.
    @Test func whatAPersonHasAssignedRetiresAfterAllOthers() {
        var situation = Situation(ready: 4, demand: .value(200), ahead: Array(repeating: 200, count: 8))
        situation.addBig(perHour: 40)
        situation.more = [
            ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 90), count: 1, assigned: true),
            ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 90), count: 1),
        ]
        let decision = situation.decision
        #expect(decision.plan.retire.contains { $0.persona == "big" && !$0.assigned && $0.count == 1 })
        #expect(decision.plan.retire.allSatisfy { !$0.assigned })
        #expect(decision.plan.retire.contains { $0.persona == "web" })

        situation.rules.limits.max = 0
        situation.rules.limits.min = 0
        let last = situation.decision
        #expect(last.plan.retire.last?.assigned == true)
        #expect(last.steps.last?.reason.contains("1 of them assigned by a person: no other is left") == true)
    }

    @Test func aPolicysMixLeavesWhatAPersonHasAssigned() {
        var situation = Situation(ready: 3, demand: .value(300), ahead: Array(repeating: 300, count: 8))
        situation.addBig(perHour: 4)
        situation.more = [
            ResourceGroup(persona: "big", state: .ready, since: ago(minutes: 90), count: 1, assigned: true)
        ]
        situation.propose(.scaleToMix([PersonaCount(persona: "web", count: 4)]))
        #expect(situation.decision.plan.retire.isEmpty)
        situation.more[0].assigned = false
        situation.demand = .value(100)
        #expect(situation.decision.started() == 1)
    }

    @Test func anAssignedGroupIsReadBackAsItWas() throws {
        var situation = Situation()
        situation.more = [
            ResourceGroup(
                persona: "web",
                state: .ready,
                since: ago(minutes: 9),
                count: 1,
                managed: false,
                assigned: true
            )
        ]
        let input = situation.input
        let read = try JSONDecoder().decode(DecisionInput.self, from: JSONEncoder().encode(input))
        #expect(read == input)
    }

    @Test func whatDrainsOrIsGoneCountsForNothing() {
        var situation = Situation(ahead: Array(repeating: 1000, count: 8))
        situation.more = [
            ResourceGroup(persona: "web", state: .draining, since: ago(minutes: 90), count: 5),
            ResourceGroup(persona: "web", state: .gone, since: ago(minutes: 90), count: 5),
        ]
        #expect(situation.decision.current == 10)
        #expect(situation.decision.outcome == .hold)
    }

    @Test func anEmptyPlanSaysWhy() {
        let decision = Situation(ahead: Array(repeating: 1000, count: 8)).decision
        #expect(decision.plan == Plan())
        #expect(decision.steps.last?.reason == "nothing changes: 10 are what is needed")
    }

    @Test func withoutAPersonaNothingStartsAndTheTargetSaysSo() {
        var situation = Situation(ready: 0)
        situation.rules.personas = []
        let decision = situation.decision
        #expect(decision.target == 0)
        #expect(decision.outcome == .hold)
        #expect(decision.reason.contains("the fleet has no persona"))
    }
}
