import Decision
import Domain
import Testing

@testable import Control

/// What all fleets may spend together is spent once.
struct SharedLedgerTests {
    private let noon = ActionTests.noon

    /// A fleet whose demand asks for so many, at 1 an hour each.
    private func input(_ fleet: String, ready: Int, starting: Int = 0, wanted: Int, mode: Mode = .act)
        -> DecisionInput
    {
        var resources: [ResourceGroup] = []
        if ready > 0 {
            resources.append(ResourceGroup(persona: "web", state: .ready, since: noon - .hours(1), count: ready))
        }
        if starting > 0 {
            resources.append(ResourceGroup(persona: "web", state: .starting, since: noon, count: starting))
        }
        var rules = FleetRules(
            personas: [PersonaRules(name: "web", capacity: 100, cost: Cost(perHour: 1, shortfall: 20))],
            limits: Limits(min: 1),
            headroom: 0
        )
        rules.mode = mode
        return DecisionInput(
            observation: Observation(
                fleet: fleet,
                now: noon,
                demand: .value(Double(wanted) * 100),
                resources: resources,
                leadTime: .minutes(5),
                interval: .minutes(1)
            ),
            outlook: nil,
            policies: [],
            rules: rules
        )
    }

    private func started(_ record: DecisionRecord) -> Int { record.decision.plan.start.reduce(0) { $0 + $1.count } }

    @Test func twoFleetsNeverSpendTheSame() {
        let ledger = SharedLedger(costPerHour: 20, starts: nil)
        ledger.expect("depot", cost: 5)
        #expect(started(ledger.decide(input("shop", ready: 4, wanted: 12))) == 8)
        // 5 that it had are known now, and 12 are the shop's: 3 are left.
        #expect(started(ledger.decide(input("depot", ready: 5, wanted: 12))) == 3)
        #expect(ledger.take("depot", cost: 1, starts: 1)?.contains("may cost 20/h, and cost 20/h") == true)
        // Decided anew on what is there, a fleet gives back what did not come.
        #expect(started(ledger.decide(input("shop", ready: 4, wanted: 4))) == 0)
        #expect(ledger.take("depot", cost: 8, starts: 8) == nil)
        #expect(ledger.take("depot", cost: 1, starts: 1) != nil)
        ledger.forget(["shop"])
        #expect(ledger.take("depot", cost: 4, starts: 4) == nil)
    }

    @Test func atMostSoManyStartAtOnce() {
        let ledger = SharedLedger(costPerHour: nil, starts: 6)
        #expect(started(ledger.decide(input("shop", ready: 2, starting: 2, wanted: 7))) == 3)
        #expect(started(ledger.decide(input("depot", ready: 2, wanted: 9))) == 1)
        #expect(ledger.take("depot", cost: 0, starts: 1)?.contains("at most 6 resources") == true)
        // They are ready: room for others.
        #expect(started(ledger.decide(input("shop", ready: 7, wanted: 7))) == 0)
        #expect(ledger.take("depot", cost: 0, starts: 5) == nil)
    }

    @Test(arguments: [Mode.advise, .approve]) func whoOnlyAsksTakesNothing(mode: Mode) {
        let ledger = SharedLedger(costPerHour: 20, starts: nil)
        let record = ledger.decide(input("shop", ready: 1, wanted: 15, mode: mode))
        #expect(record.decision.target == 15 || started(record) == 14)
        #expect(ledger.take("depot", cost: 19, starts: 19) == nil)
    }

    @Test func withoutABudgetNothingIsCounted() {
        let ledger = SharedLedger(costPerHour: nil, starts: nil)
        let record = ledger.decide(input("shop", ready: 1, wanted: 500))
        #expect(started(record) == 499 && record.input.rules.shared == nil)
        #expect(ledger.take("shop", cost: .infinity, starts: .max) == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -5]) func aPriceThatIsNoneBreaksNothing(price: Double) {
        let ledger = SharedLedger(costPerHour: 20, starts: nil)
        ledger.expect("odd", cost: price)
        var odd = input("odd", ready: 3, wanted: 3)
        odd.rules.personas[0].cost.perHour = price
        _ = ledger.decide(odd)
        #expect(ledger.take("depot", cost: 20, starts: 1) == nil)
    }
}
