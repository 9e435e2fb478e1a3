import Decision
package import Domain
import Foundation

/// A world in which any policy can be run: a quarter past noon on a Monday, everything there, demand going up and down with the day.
package struct MadeUpObservation: Sendable {
    package let fleet: Fleet
    package let personas: [Persona]

    package init(fleet: Fleet, personas: [Persona]) {
        self.fleet = fleet
        self.personas = personas
    }

    /// Of a policy that belongs to no fleet: one with the personas that come with Troupe.
    package init(policy: String) {
        let names = ["low-latency", "high-throughput", "background-task", "security-focused", "base"]
        self.init(
            fleet: Fleet(name: "made-up", personas: names, policies: [policy], demand: .kpi("request_rate")),
            personas: names.map { Persona(name: $0, capacity: [KPIAmount(kpi: "request_rate", amount: 100)]) }
        )
    }

    package var context: PolicyContext {
        let now = Timestamp(milliseconds: 1_772_453_700_000)  // 2026-03-02 12:15 UTC
        let step = fleet.grid
        let persona = fleet.personas.first ?? "standard"
        let ready = ResourceGroup(persona: persona, state: .ready, since: now - .hours(3), count: 5)
        let starting = ResourceGroup(persona: persona, state: .starting, since: now - .minutes(1), count: 1)
        return PolicyContext(
            fleet: fleet,
            personas: personas,
            now: now,
            capacity: [ready, starting],
            outlook: DemandOutlook(
                model: "ridge",
                trust: 0.8,
                origin: now,
                step: step,
                quantile: 0.95,
                values: [400]
            ),
            seed: 1,
            series: { query in
                let count = min(max(1, query.window.milliseconds / max(1, step.milliseconds)), 10_000)
                return SeriesAnswer(
                    status: .ok,
                    start: now - TimeSpan(milliseconds: step.milliseconds * (count - 1)),
                    step: step,
                    values: Self.day(Int(count), step)
                )
            },
            forecast: { query in
                let count = min(max(1, query.ahead.milliseconds / max(1, step.milliseconds) + 1), 10_000)
                return ForecastAnswer(origin: now, step: step, values: Self.day(Int(count), step))
            }
        )
    }

    private static func day(_ count: Int, _ step: TimeSpan) -> [Double] {
        let perDay = 86_400_000 / Double(max(1, step.milliseconds))
        return (0..<count).map { 300 + 100 * sin(Double($0) / perDay * 2 * .pi) }
    }
}
