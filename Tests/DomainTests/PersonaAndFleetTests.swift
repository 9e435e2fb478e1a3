import Domain
import Foundation
import Testing

/// Personas and fleets as values: their defaults, and what they come back as.
struct PersonaAndFleetTests {
    @Test(arguments: [
        (1.0, 20.0, 0.95), (0.34, 12, 1 - 0.34 / 12), (1, 1.5, 0.5), (1, 0, 0.5), (5, -2, 0.5), (1e-9, 1, 0.999),
        (0, 20, 0.999),
        (0, 0, 0.999), (.nan, 20, 0.5), (1, .nan, 0.5), (.infinity, 20, 0.5), (.infinity, .infinity, 0.5),
        (1, .infinity, 0.999),
    ])
    func theQuantileWeighsOneTooManyAgainstOneTooFew(_ cost: (perHour: Double, shortfall: Double, quantile: Double)) {
        #expect(abs(Cost(perHour: cost.perHour, shortfall: cost.shortfall).quantile - cost.quantile) < 1e-12)
    }

    @Test func aFleetOnlyAdvisesUntilItIsToldToAct() {
        let fleet = Fleet(name: "shop", personas: ["web"], demand: .kpi("request_rate"))
        #expect(fleet.mode == .advise)
        #expect(fleet.onBlind == .hold)
        #expect(fleet.grid == .minutes(1))
        #expect(fleet.interval == .seconds(15))
        #expect(fleet.trust == 0.5)
        #expect(fleet.limits.min == 1)
        #expect(fleet.limits.max == nil)
    }

    @Test func demandIsReadFromOneKPI() {
        #expect(DemandSource.kpi("request_rate").kpi == "request_rate")
        #expect(DemandSource.utilization(kpi: "cpu_utilization", target: 0.7).kpi == "cpu_utilization")
    }

    @Test func wordsAreThoseOfTheScripts() {
        #expect(Mode.allCases.map(\.rawValue) == ["observe", "advise", "approve", "act"])
        #expect(OnBlind.allCases.map(\.rawValue) == ["hold", "hold_in"])
        #expect(PredictionMode.allCases.map(\.rawValue) == ["merge", "floor", "off"])
        #expect(FreezeWindow.Allowed.allCases.map(\.rawValue) == ["none", "out", "in"])
        #expect(ResourceState.allCases.map(\.rawValue) == ["starting", "ready", "draining", "gone"])
    }

    @Test func aPersonOutranksATrialThatOutranksAPolicy() {
        let ranks: [Assignment.Priority] = [.person, .trial, .policy, .default]
        #expect(ranks.map(\.rawValue) == [3, 2, 1, 0])
    }

    @Test func comeBackFromJSONAsTheyWere() throws {
        let persona = Persona(
            name: "low-latency",
            extends: "base",
            allocation: Allocation(cpu: 2, memoryBytes: .max, bandwidthBitsPerSecond: 1e9),
            capacity: [KPIAmount(kpi: "request_rate", amount: 0.1 + 0.2)],
            kpis: [
                KPIRequirement(kpi: "p99", objective: Objective(comparison: .below, value: 250)),
                KPIRequirement(kpi: "cpu"),
            ],
            templates: [ConfigTemplate(path: "/etc/app.conf", contents: "workers={{allocation.cpu}}\n")]
        )
        let fleet = Fleet(
            name: "shop",
            target: [Setting(name: "command", value: "run")],
            personas: ["low-latency"],
            demand: .utilization(kpi: "cpu", target: 0.7),
            kpis: [KPIMapping(kpi: "a", metric: "b", rate: true)],
            limits: Limits(min: 0, max: .max, removals: RateLimit(amount: .fraction(1.0 / 3), window: .hours(1))),
            freeze: [FreezeWindow(from: Timestamp(milliseconds: .min), to: Timestamp(milliseconds: .max), allow: .in)]
        )
        let coder = (JSONEncoder(), JSONDecoder())
        #expect(try coder.1.decode(Persona.self, from: coder.0.encode(persona)) == persona)
        #expect(try coder.1.decode(Fleet.self, from: coder.0.encode(fleet)) == fleet)
    }
}
