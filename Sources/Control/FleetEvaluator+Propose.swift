import Decision
import Domain
import Forecasting
import ScriptProtocol
import Scripting

extension FleetEvaluator {
    /// The *propose* verb: asks the policies and their hooks, and gathers what they answer as recorded inputs of the decision.
    mutating func propose(
        _ observation: Observation, outlook: DemandOutlook?, series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer
    ) async -> DecisionInput {
        let forecaster = self.forecaster
        let context = PolicyContext(
            fleet: fleet,
            personas: personas,
            now: observation.now,
            capacity: observation.resources,
            outlook: outlook,
            seed: seed(at: observation.now),
            series: series,
            forecast: { forecaster.answer($0, now: observation.now) }
        )
        var input = DecisionInput(observation: observation, outlook: outlook, rules: rules)
        for runner in policies {
            let run = await runner.propose(context, state: states[runner.policy.name] ?? .null)
            states[runner.policy.name] = run.state
            input.policies.append(run.outcome)
        }
        if let runner = policies.first(where: \.policy.hasMergeHook) {
            let alone = decide(DecisionInput(observation: observation, outlook: outlook, rules: rules))
            input.mergeHook = await runner.merge(
                context, proposals: input.policies, prediction: alone.need, state: states[runner.policy.name] ?? .null)
        }
        if let runner = policies.first(where: \.policy.hasMixHook) {
            let draft = decide(input)
            if draft.target > draft.current, let persona = rules.personas.first {
                let missing = draft.target - draft.current
                input.mixHook = await runner.choosePersona(
                    context,
                    shortfall: Shortfall(demand: Double(missing) * persona.capacity, resources: missing),
                    state: states[runner.policy.name] ?? .null
                )
            }
        }
        return input
    }

    /// Source of the policies' random numbers: the same for the same fleet and instant (FNV-1a).
    private func seed(at now: Timestamp) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in fleet.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash ^ UInt64(bitPattern: now.milliseconds)) &* 0x100_0000_01b3
    }
}

extension FleetForecaster {
    /// What a policy asks of the forecast; nil while nothing is known.
    fileprivate func answer(_ query: ForecastQuery, now: Timestamp) -> ForecastAnswer? {
        guard let origin else { return nil }
        let forecast = forecast(through: query.ahead + (now - origin))
        guard !forecast.isEmpty else { return nil }
        return ForecastAnswer(
            origin: origin,
            step: step,
            values: (1...forecast.horizon).map { forecast.value(ahead: $0, quantile: query.quantile) }
        )
    }
}

extension TimeSpan {
    fileprivate static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(milliseconds: a.milliseconds &+ b.milliseconds)
    }
}
