import Domain
import ScriptProtocol
import Testing

@testable import Scripting

struct ScenarioTests {
    private func table(_ fields: (String, ScriptValue)...) -> ScriptValue {
        .sorted(fields.map { ScriptValue.Field($0.0, $0.1) })
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let scenario = try DecideScenario(table(("fleet", .string("storefront"))))
        #expect(scenario.now == LocalTime("2026-03-02 12:00"))
        #expect(scenario.now.weekday == "monday")
        #expect(scenario.capacity == nil)
        #expect(scenario.demand == nil)
        #expect(scenario.forecast == nil)
        #expect(scenario.state == .null)
    }

    @Test func everythingGivenIsRead() throws {
        let scenario = try DecideScenario(
            table(
                ("fleet", .string("storefront")),
                ("policy", .string("latency-guard")),
                ("now", .string("2026-11-24 03:00")),
                ("capacity", table(("low-latency", table(("ready", .integer(4)), ("starting", .integer(1)))))),
                ("demand", .list([.integer(1), .string("missing"), .number(2.5)])),
                ("kpis", table(("a", .string("stale")), ("b", .integer(3)))),
                ("forecast", table(("trust", .number(0.4)), ("values", .list([.integer(1), .integer(2)])))),
                ("lead", .string("2m")),
                ("state", table(("seen", .integer(1))))
            )
        )
        #expect(
            scenario.capacity == [
                DecideScenario.CapacityEntry(persona: "low-latency", ready: 4, starting: 1, draining: 0)
            ]
        )
        guard case .values(let demand)? = scenario.demand else {
            Issue.record("no demand")
            return
        }
        #expect(demand.count == 3 && demand[1].isNaN)
        #expect(scenario.kpis.map(\.scenario) == [.none(.stale), .values([3])])
        #expect(scenario.forecast == .known(values: [1, 2], trust: 0.4, model: "given"))
        #expect(scenario.lead == .minutes(2))
    }

    @Test(arguments: [
        (ScriptValue.table([]), "fleet is missing; name the fleet, fleet = \"storefront\""),
        (
            .table([.init("fleat", .string("x"))]),
            "unknown key fleat; known: capacity, demand, fleet, forecast, kpis, lead, now, policy, state (did you mean \"fleet\"?)"
        ),
        (
            .table([.init("capacity", .table([.init("redy", .integer(4))])), .init("fleet", .string("x"))]),
            "unknown key capacity.redy; known: draining, ready, starting (did you mean \"ready\"?)"
        ),
        (
            .table([.init("capacity", .table([.init("ready", .number(0.5))])), .init("fleet", .string("x"))]),
            "capacity.ready is 0.5; expected a whole number, 0 to 100000"
        ),
        (
            .table([.init("demand", .string("none")), .init("fleet", .string("x"))]),
            "demand is \"none\"; expected a number, a list, or t.missing, t.stale, t.idle, t.nan, t.source_down"
        ),
        (
            .table([.init("fleet", .string("x")), .init("now", .string("noon"))]),
            "now is \"noon\"; expected a local time such as \"2026-11-24 03:00\""
        ),
        (
            .table([.init("fleet", .string("x")), .init("forecast", .table([.init("trust", .integer(2))]))]),
            "forecast.trust is 2; expected a number from 0 to 1"
        ),
    ])
    func wrongScenariosAreExplained(value: ScriptValue, message: String) {
        let error = #expect(throws: PolicyTestProblem.self) { try DecideScenario(value) }
        #expect(error?.description == message)
    }

    @Test func aConstantHasAlwaysBeenSo() {
        let now = Timestamp(milliseconds: 1_772_452_800_000)
        let answer = KPIScenario.values([5]).answer(now: now, step: .minutes(1), window: .minutes(10))
        #expect(answer.values == Array(repeating: 5, count: 10))
        #expect(answer.start == now - .minutes(9))
        let list = KPIScenario.values([1, 2, 3]).answer(now: now, step: .minutes(1), window: .minutes(10))
        #expect(list.start == now - .minutes(2))
        #expect(KPIScenario.none(.idle).answer(now: now, step: .minutes(1), window: .minutes(10)).status == .idle)
    }

    @Test func aLoadNeedsOnlyItsLevel() throws {
        let scenario = try SimulateScenario(table(("fleet", .string("x")), ("load", .integer(400))), seed: 7)
        #expect(scenario.load.level == 400)
        #expect(scenario.duration == .days(1))
        let error = #expect(throws: PolicyTestProblem.self) {
            try SimulateScenario(
                table(("fleet", .string("x")), ("load", table(("level", .integer(1)), ("noise", .integer(5))))),
                seed: 7
            )
        }
        #expect(error?.description == "load.noise is 5; expected a number from 0 to 1")
    }
}
