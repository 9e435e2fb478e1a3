import Decision
import Domain
import Testing

/// In a freeze window a fleet changes only the way that the window allows.
struct FreezeTests {
    private func target(wanted: Int, _ windows: FreezeWindow...) -> Int {
        var situation = Situation()
        situation.rules.prediction = .off
        situation.rules.freeze = windows
        situation.propose(.scaleTo(wanted))
        return situation.decision.target
    }

    private func window(_ from: Int64, _ to: Int64, _ allow: FreezeWindow.Allowed = .nothing) -> FreezeWindow {
        FreezeWindow(from: fromNow(minutes: from), to: fromNow(minutes: to), allow: allow)
    }

    @Test func onlyWhatIsAllowedMoves() {
        #expect(target(wanted: 20, window(-1, 1)) == 10)
        #expect(target(wanted: 5, window(-1, 1)) == 10)
        #expect(target(wanted: 20, window(-1, 1, .out)) == 20)
        #expect(target(wanted: 5, window(-1, 1, .out)) == 10)
        #expect(target(wanted: 20, window(-1, 1, .in)) == 10)
        #expect(target(wanted: 5, window(-1, 1, .in)) == 5)
    }

    @Test func beginsWithItsFirstInstantAndIsOverAtItsLast() {
        #expect(target(wanted: 20, window(0, 1)) == 10)
        #expect(target(wanted: 20, window(-1, 0)) == 20)
        #expect(target(wanted: 20, window(1, 2)) == 20)
    }

    @Test func ofSeveralTheStrictestHolds() {
        #expect(target(wanted: 20, window(-1, 5, .out), window(-1, 1)) == 10)
        #expect(target(wanted: 20, window(-1, 5, .out), window(-1, 1, .in)) == 10)
        #expect(target(wanted: 20, window(-1, 5, .out), window(-9, 9, .out)) == 20)
    }

    @Test func mayKeepAFleetBelowItsMinimum() {
        var situation = Situation(ready: 1)
        situation.rules.limits.min = 4
        situation.rules.freeze = [window(-1, 1)]
        #expect(situation.decision.target == 1)
        #expect(situation.decision.reason.hasSuffix("frozen until 2026-03-02T12:01:00Z: no change"))
    }

    @Test func aReplacementKeepsOnlyTheHalfThatIsAllowed() {
        var situation = Situation(demand: .value(100))
        situation.addBig(perHour: 4)
        situation.rules.prediction = .off
        situation.propose(
            .scaleToMix([PersonaCount(persona: "big", count: 2), PersonaCount(persona: "web", count: 4)])
        )
        situation.rules.freeze = [window(-1, 1, .out)]
        var decision = situation.decision
        #expect(decision.started("big") == 2)
        #expect(decision.plan.retire.isEmpty)
        #expect(decision.target == 12)
        situation.rules.freeze = [window(-1, 1, .in)]
        decision = situation.decision
        #expect(decision.plan.start.isEmpty)
        #expect(decision.target == 6, "the mix has four fewer; the two that were to be replaced stay")
    }
}
