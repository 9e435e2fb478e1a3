import Control
import Decision
import Domain
import ScriptProtocol
package import Scripting

extension WorkspaceTestHost {
    package func decide(_ scenario: DecideScenario) async throws(PolicyTestProblem) -> DecideResult {
        let cast = try cast(fleet: scenario.fleet, policy: scenario.policy)
        let fleet = cast.fleet
        let now = (Zone(fleet.timezone) ?? .utc).instant(of: scenario.now)
        let resources = try resources(scenario, cast, now: now)
        let served = served(by: resources, cast)
        let demand = scenario.demand ?? .values([served / 2])
        let outlook = outlook(scenario.forecast, demand: demand, cast, now: now)

        let observation = Observation(
            fleet: fleet.name,
            now: now,
            demand: demand.reading,
            resources: resources,
            leadTime: scenario.lead ?? cast.personas.first?.startup ?? .seconds(90),
            interval: fleet.interval
        )
        var proposer = FleetProposer(
            fleet: fleet,
            personas: cast.personas,
            policies: cast.policies.map {
                PolicyRunner(policy: $0, fleet: fleet, personas: cast.personas, workers: workers)
            },
            states: Dictionary(cast.policies.map { ($0.name, scenario.state) }) { a, _ in a }
        )
        let input = await proposer.propose(
            observation,
            outlook: outlook,
            rules: FleetRules(fleet: fleet, personas: cast.personas),
            series: { query in
                if query.isDemand || query.kpi == fleet.demand.kpi {
                    return demand.answer(now: now, step: fleet.grid, window: query.window)
                }
                guard let kpi = scenario.kpis.first(where: { $0.kpi == query.kpi }) else { return .missing }
                return kpi.scenario.answer(now: now, step: fleet.grid, window: query.window)
            },
            forecast: { query in outlook?.answer(query) }
        )
        let record = DecisionRecord(deciding: input)
        let speaker = scenario.policy ?? cast.policies.first?.name
        return DecideResult(
            decision: record.decision,
            outcomes: input.policies,
            state: speaker.map { proposer.state(of: $0) } ?? .null
        )
    }

    /// What is there: as the test says, or as many as the fleet must have.
    private func resources(
        _ scenario: DecideScenario,
        _ cast: Cast,
        now: Timestamp
    ) throws(PolicyTestProblem) -> [ResourceGroup] {
        let first = cast.personas.first?.name ?? ""
        // What is ready has long been so; what is starting was asked for a moment ago.
        let long = TimeSpan.days(1)
        guard let entries = scenario.capacity else {
            let count = max(1, cast.fleet.limits.min)
            return [ResourceGroup(persona: first, state: .ready, since: now - long, count: count)]
        }
        var groups: [ResourceGroup] = []
        for entry in entries {
            let persona = entry.persona ?? first
            guard cast.personas.contains(where: { $0.name == persona }) else {
                let known = cast.personas.map(\.name).joined(separator: ", ")
                throw PolicyTestProblem("fleet \"\(cast.fleet.name)\" has no persona \"\(persona)\"; it has \(known)")
            }
            for (state, count, age) in [
                (ResourceState.ready, entry.ready, long), (.starting, entry.starting, .minutes(1)),
                (.draining, entry.draining, long),
            ] where count > 0 {
                groups.append(ResourceGroup(persona: persona, state: state, since: now - age, count: count))
            }
        }
        return groups
    }

    private func served(by groups: [ResourceGroup], _ cast: Cast) -> Double {
        groups.reduce(0) { sum, group in
            guard group.state == .ready, let persona = cast.personas.first(where: { $0.name == group.persona }) else {
                return sum
            }
            return sum + Double(group.count) * (persona.capacity(for: cast.fleet.demand) ?? 0)
        }
    }

    /// The forecast that the test gives; without one, demand stays as it is. nil where the test says that there is none.
    private func outlook(
        _ given: DecideScenario.ForecastScenario?,
        demand: KPIScenario,
        _ cast: Cast,
        now: Timestamp
    ) -> DemandOutlook? {
        var values: [Double]?
        var (trust, model) = (1.0, "given")
        switch given {
        case .none?: return nil
        case .known(let given, let itsTrust, let itsModel)?: (values, trust, model) = (given, itsTrust, itsModel)
        case nil: break
        }
        if values == nil, case .value(let last) = demand.reading { values = [last] }
        guard var values, let last = values.last else { return nil }
        // The last value holds from then on, as far as anything looks ahead.
        let step = max(1, cast.fleet.grid.milliseconds)
        let reach = Int(clamping: TimeSpan.days(1).milliseconds / step)
        while values.count < min(reach, 10_000) { values.append(last) }
        return DemandOutlook(
            model: model,
            trust: trust,
            origin: now,
            step: cast.fleet.grid,
            quantile: cast.personas.first?.cost.quantile ?? 0.95,
            values: values,
            medians: values
        )
    }
}

extension KPIScenario {
    /// The value of this moment, or why there is none.
    fileprivate var reading: Reading {
        switch self {
        case .none(let status): .blind(status: status.rawValue, last: nil)
        case .values(let values):
            if let last = values.last, !last.isNaN {
                .value(last)
            } else {
                .blind(status: "nan", last: values.last { !$0.isNaN })
            }
        }
    }
}

extension DemandOutlook {
    /// The forecast of a test is the same at every quantile.
    fileprivate func answer(_ query: ForecastQuery) -> ForecastAnswer {
        ForecastAnswer(origin: origin, step: step, values: values)
    }
}
