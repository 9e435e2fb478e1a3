package import Control
package import Domain
package import Scripting
package import Workers

/// A fleet run over a demand trace in the benchmark's scenario (see `BacktestScenario`): one persona, whose resources serve a fixed
/// share of the trace's peak and are ready one lead time after they were asked for.
package struct Backtest {
    package let scenario: BacktestScenario
    package let limits: LimitsInForce
    package private(set) var timeline: CapacityTimeline
    private var simulation: FleetSimulation

    package var fleet: Fleet { simulation.fleet }

    /// - Parameters:
    ///   - fleet: as the workspace has it; its first persona is the one that serves.
    ///   - personas: those of the workspace.
    ///   - policies: what proposes.
    package init(
        scenario: BacktestScenario,
        fleet: Fleet,
        personas: [Persona],
        policies: [Policy],
        workers: WorkerPool,
        limits: LimitsInForce
    ) throws(SimulationError) {
        let trace = scenario.trace
        var scaled = fleet
        scaled.personas = Array(fleet.personas.prefix(1))
        scaled.demand = .kpi(fleet.demand.kpi)
        if limits == .scenario {
            scaled.limits = Limits(
                min: BacktestScenario.floor,
                stepUp: RateLimit(amount: .fraction(1), window: trace.step)
            )
            scaled.freeze = []
        }
        let serving = personas.map { persona in
            var persona = persona
            persona.capacity = [KPIAmount(kpi: fleet.demand.kpi, amount: scenario.capacity)]
            // What is scored is what the fleet is sized by.
            if limits == .scenario { persona.cost = Cost(perHour: 1, shortfall: scenario.price) }
            return persona
        }
        self.scenario = scenario
        self.limits = limits
        simulation = try FleetSimulation(
            fleet: scaled,
            personas: serving,
            policies: policies,
            workers: workers,
            trace: trace,
            first: scenario.firstScored,
            lead: scenario.lead
        )
        // What is history is not scored, and has no resources.
        let none = [Int](repeating: 0, count: scenario.firstScored)
        timeline = CapacityTimeline(ready: none, billed: none)
    }

    /// Decides and carries out the next step; nil at the end of the trace.
    package mutating func step() async -> SimulationStep? {
        guard let step = await simulation.step() else { return nil }
        timeline.append(ready: step.ready, billed: step.billed)
        return step
    }

    /// The run as it stands: forecasts from the last step on.
    package var forecaster: FleetForecaster { simulation.forecaster }

    /// What is in force, for the report: the scenario and the limits.
    package var facts: [ReportFact] {
        let own = limits == .scenario ? "of the benchmark" : "of the fleet"
        return scenario.facts + [ReportFact(name: "Limits", text: "\(own): \(fleet.limits.inWords)")]
    }
}

/// Which limits a backtest keeps.
package enum LimitsInForce: String, Sendable, CaseIterable, Codable {
    /// The benchmark's: at least 2 resources, at most doubled per step.
    case scenario
    /// The fleet's own.
    case fleet
}

extension Limits {
    /// All limits that are set, in words.
    package var inWords: String {
        var parts = ["min \(min)"]
        if let max { parts.append("max \(max)") }
        if let stepUp { parts.append("step up \(stepUp.inWords)") }
        if let stepDown { parts.append("step down \(stepDown.inWords)") }
        if let settle { parts.append("settle \(settle)") }
        if let reversals { parts.append("reversals \(reversals.count) per \(reversals.window)") }
        if let removals { parts.append("removals \(removals.inWords)") }
        if let costPerHour { parts.append("cost per hour \(NumberText.amount(costPerHour))") }
        return parts.joined(separator: ", ") + "; no others"
    }
}

extension RateLimit {
    fileprivate var inWords: String {
        switch amount {
        case .count(let n): "\(n) per \(window)"
        case .fraction(let share): "\(NumberText.percent(share)) per \(window)"
        }
    }
}
