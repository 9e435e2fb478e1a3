package import Domain

/// The KPIs that a simulated fleet would report while it meets a demand, so that policies which look at latency, utilisation or a
/// queue can be tried without a real system.
///
/// The model is that of one queue in front of a server that is worked at `ρ = demand / capacity`, fixed at the two points that a
/// persona's `capacity` and objective state: at `ρ = 1` the objective is just met, at `ρ = 0` latency is a fifth of it, and between
/// them it grows as waiting time does, `1 / (1 − 0.8 ρ)` (M/M/1; Kleinrock, *Queueing Systems* I, §3.2). Above `ρ = 1.2` requests time
/// out at eight times the objective. What is beyond capacity fails (requests) or waits (jobs).
package struct SimulatedKPIs: Sendable {
    /// Objective for latency in ms; `request_latency_p99_ms` of the first persona that states one, else 250.
    package let latencyObjective: Double
    /// Work that waits, in demand units × steps.
    package private(set) var backlog: Double = 0

    package init(personas: [Persona]) {
        latencyObjective =
            personas.lazy.flatMap(\.kpis).first { $0.kpi == "request_latency_p99_ms" && $0.objective != nil }?
            .objective?
            .value ?? 250
    }

    /// Readings of one step; sorted by KPI. With neither demand nor resources, what is measured per request has no value (NaN).
    ///
    /// - Parameters:
    ///   - demand: load offered in this step; NaN where it is not known.
    ///   - capacity: demand that the ready resources serve together.
    package mutating func step(demand: Double, capacity: Double) -> [KPIAmount] {
        guard demand.isFinite else {
            return Self.names.map { KPIAmount(kpi: $0, amount: .nan) }
        }
        let load = capacity > 0 ? demand / capacity : (demand > 0 ? .infinity : 0)
        let offered = demand + backlog
        backlog = max(0, offered - max(0, capacity))
        let latency = load < 1.2 ? latencyObjective * 0.2 / (1 - 0.8 * load) : latencyObjective * 8
        let failing = load > 1 ? 1 - 1 / load : 0
        return [
            KPIAmount(kpi: "cpu_utilization", amount: capacity > 0 ? min(1, load) : .nan),
            KPIAmount(kpi: "error_rate", amount: demand > 0 ? failing : .nan),
            KPIAmount(kpi: "queue_length", amount: backlog),
            KPIAmount(
                kpi: "request_latency_p50_ms",
                amount: demand > 0 ? min(latency, latencyObjective * 8) / 3 : .nan
            ),
            KPIAmount(kpi: "request_latency_p99_ms", amount: demand > 0 ? min(latency, latencyObjective * 8) : .nan),
        ]
    }

    /// The KPIs that `step` answers, sorted.
    package static let names = [
        "cpu_utilization", "error_rate", "queue_length", "request_latency_p50_ms", "request_latency_p99_ms",
    ]
}
