import Decision
import Domain
import ScriptProtocol
import Workers

@testable import Scripting

/// Decides what policy tests ask with the real policies and the real decision; it does not simulate.
struct DecidingHost: PolicyTestHost {
    let workspace: Workspace
    let workers: WorkerPool

    func simulate(_ scenario: SimulateScenario) async throws(PolicyTestProblem) -> SimulateResult {
        throw PolicyTestProblem("nothing is simulated here")
    }

    func decide(_ scenario: DecideScenario) async throws(PolicyTestProblem) -> DecideResult {
        guard let fleet = workspace.fleet(scenario.fleet), let zone = Zone(fleet.timezone),
            let persona = workspace.personas(of: fleet).first
        else { throw PolicyTestProblem("there is no fleet \"\(scenario.fleet)\"") }
        let world = World(scenario, fleet: fleet, persona: persona, now: zone.instant(of: scenario.now))
        let context = PolicyContext(
            fleet: fleet,
            personas: workspace.personas(of: fleet),
            now: world.now,
            capacity: world.resources,
            outlook: world.outlook,
            series: { world.series($0) },
            forecast: { world.forecast($0) }
        )
        var input = DecisionInput(
            observation: world.observation(lead: scenario.lead ?? persona.startup),
            outlook: world.outlook,
            rules: rules(of: fleet)
        )
        var state = ScriptValue.null
        for policy in workspace.policies(of: fleet) where scenario.policy == nil || scenario.policy == policy.name {
            let runner = PolicyRunner(policy: policy, fleet: fleet, personas: context.personas, workers: workers)
            let run = await runner.propose(context, state: scenario.state)
            input.policies.append(run.outcome)
            state = run.state
        }
        return DecideResult(decision: input.decided, outcomes: input.policies, state: state)
    }

    private func rules(of fleet: Fleet) -> FleetRules {
        FleetRules(
            personas: workspace.personas(of: fleet)
                .map {
                    PersonaRules(name: $0.name, capacity: $0.serves(fleet.demand) ?? 0, cost: $0.cost)
                },
            limits: fleet.limits,
            prediction: fleet.prediction,
            trust: fleet.trust,
            headroom: fleet.headroom,
            freeze: fleet.freeze,
            onBlind: fleet.onBlind,
            mode: fleet.mode
        )
    }
}

/// What a scenario says of the world.
private struct World: Sendable {
    let now: Timestamp
    let fleet: Fleet
    let scenario: DecideScenario
    let resources: [ResourceGroup]
    let demand: KPIScenario
    let outlook: DemandOutlook?

    init(_ scenario: DecideScenario, fleet: Fleet, persona: Persona, now: Timestamp) {
        self.now = now
        self.fleet = fleet
        self.scenario = scenario
        let given =
            scenario.capacity ?? [.init(persona: nil, ready: max(1, fleet.limits.min), starting: 0, draining: 0)]
        resources = given.flatMap { entry in
            [
                (ResourceState.ready, entry.ready, TimeSpan.hours(1)), (.starting, entry.starting, .seconds(20)),
                (.draining, entry.draining, .minutes(1)),
            ]
            .filter { $0.1 > 0 }
            .map { state, count, age in
                ResourceGroup(persona: entry.persona ?? persona.name, state: state, since: now - age, count: count)
            }
        }
        let ready = given.reduce(0) { $0 + $1.ready }
        let demand = scenario.demand ?? .values([Double(ready) * (persona.serves(fleet.demand) ?? 0) / 2])
        self.demand = demand
        let (values, trust, model): ([Double]?, Double, String) =
            switch scenario.forecast {
            case .some(.none): (nil, 0, "none")
            case .known(let values, let trust, let model): (values ?? demand.last.map { [$0] }, trust, model)
            case nil: (demand.last.map { [$0] }, 1, "given")
            }
        outlook = values.map {
            DemandOutlook(
                model: model,
                trust: trust,
                origin: now,
                step: fleet.grid,
                quantile: persona.cost.quantile,
                values: $0
            )
        }
    }

    func observation(lead: TimeSpan) -> Observation {
        let reading: Reading =
            switch demand {
            case .none(let status): .blind(status: status.rawValue, last: nil)
            case .values: demand.last.map { .value($0) } ?? .blind(status: "nan", last: nil)
            }
        return Observation(
            fleet: fleet.name,
            now: now,
            demand: reading,
            resources: resources,
            leadTime: lead,
            interval: fleet.interval
        )
    }

    func series(_ query: SeriesQuery) -> SeriesAnswer {
        let known = query.isDemand ? demand : scenario.kpis.first { $0.kpi == query.kpi }?.scenario
        return (known ?? .none(.missing)).answer(now: now, step: fleet.grid, window: query.window)
    }

    func forecast(_ query: ForecastQuery) -> ForecastAnswer? {
        guard let outlook, let last = outlook.values.last else { return nil }
        let steps = Int(query.ahead.milliseconds / fleet.grid.milliseconds) + 1
        let rest = Array(repeating: last, count: max(0, steps - outlook.values.count))
        return ForecastAnswer(origin: now, step: fleet.grid, values: outlook.values + rest)
    }
}

extension KPIScenario {
    fileprivate var last: Double? {
        if case .values(let values) = self { values.last.flatMap { $0.isFinite ? $0 : nil } } else { nil }
    }
}

extension DecisionInput {
    fileprivate var decided: Decision { decide(self) }
}
