import Control
import Decision
import Domain
package import Scripting
import Simulation

extension WorkspaceTestHost {
    package func simulate(_ scenario: SimulateScenario) async throws(PolicyTestProblem) -> SimulateResult {
        let cast = try cast(fleet: scenario.fleet, policy: scenario.policy)
        let load = scenario.load.workload(
            endingAfter: scenario.duration,
            history: scenario.history,
            now: scenario.now,
            step: cast.fleet.grid
        )
        guard load.count <= Self.longest else {
            throw PolicyTestProblem(
                "history and duration are \(load.count) steps of \(cast.fleet.grid); expected at most \(Self.longest)"
            )
        }
        let trace = load.trace(named: "load")
        let first = Int(clamping: scenario.history.milliseconds / max(1, cast.fleet.grid.milliseconds))
        var simulation: FleetSimulation
        do {
            simulation = try FleetSimulation(
                fleet: cast.fleet,
                personas: cast.personas,
                policies: cast.policies,
                workers: workers,
                trace: trace,
                first: first,
                lead: scenario.lead ?? cast.personas.first?.startup ?? .seconds(90),
                ready: scenario.ready
            )
        } catch {
            throw PolicyTestProblem(error.description)
        }
        let pricePerStep = (cast.personas.first?.cost.perHour ?? 0) * cast.fleet.grid.hours
        var tally = Tally(pricePerStep: pricePerStep)
        while let step = await simulation.step() { tally.take(step) }
        return tally.result
    }

    /// A year of minutes: a test that asks for more has slipped in a unit.
    private static let longest = 366 * 1440
}

/// The figures of a simulated run.
private struct Tally {
    let pricePerStep: Double
    private var ready: ClosedRange<Int>?
    private var target: ClosedRange<Int>?
    private var known = 0
    private var short = 0
    private var offered = 0.0
    private var unserved = 0.0
    private var cost = 0.0
    private var reversals = 0
    private var direction = 0
    private var changes = 0
    private var decisions = 0
    private var failures = 0

    init(pricePerStep: Double) { self.pricePerStep = pricePerStep }

    mutating func take(_ step: SimulationStep) {
        let decision = step.record.decision
        ready = Self.widened(ready, by: step.ready)
        target = Self.widened(target, by: decision.target)
        if !step.demand.isNaN {
            known += 1
            offered += step.demand
            unserved += max(0, step.demand - step.capacity)
            if step.demand > step.capacity * (1 + 1e-9) { short += 1 }
        }
        cost += Double(step.billed) * pricePerStep
        let move = (decision.target - decision.current).signum()
        if move != 0 {
            changes += 1
            if move == -direction { reversals += 1 }
            direction = move
        }
        decisions += 1
        failures += step.record.input.policies.count { outcome in
            if case .failed = outcome.ending { true } else { false }
        }
    }

    private static func widened(_ range: ClosedRange<Int>?, by value: Int) -> ClosedRange<Int> {
        guard let range else { return value...value }
        return min(range.lowerBound, value)...max(range.upperBound, value)
    }

    var result: SimulateResult {
        SimulateResult(
            minReady: ready?.lowerBound ?? 0,
            maxReady: ready?.upperBound ?? 0,
            minTarget: target?.lowerBound ?? 0,
            maxTarget: target?.upperBound ?? 0,
            shortfall: known > 0 ? Double(short) / Double(known) : 0,
            unserved: offered > 0 ? unserved / offered : 0,
            cost: cost,
            reversals: reversals,
            changes: changes,
            decisions: decisions,
            failures: failures
        )
    }
}
