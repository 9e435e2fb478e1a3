package import Decision
package import Domain
package import ScriptProtocol
package import Scripting

/// The *propose* verb: asks a fleet's policies and their hooks, and gathers what they answer as recorded inputs of the decision.
///
/// It keeps what the policies want to remember and nothing else. Series and forecast are arguments, so that a server, a backtest and
/// a policy test, whose forecast is made up, ask in the very same way.
package struct FleetProposer: Sendable {
    package let fleet: Fleet
    /// Those that the fleet names, in its order.
    package let personas: [Persona]
    private let policies: [PolicyRunner]
    /// What each policy wants to remember, by its name.
    private var states: [String: ScriptValue]

    /// - Parameters:
    ///   - personas: all that the fleet names, in any order.
    ///   - policies: run in this order; the first that has a hook is the one whose hook is asked.
    ///   - states: what the policies remember from before.
    package init(fleet: Fleet, personas: [Persona], policies: [PolicyRunner], states: [String: ScriptValue] = [:]) {
        self.fleet = fleet
        self.personas = fleet.personas.compactMap { name in personas.first { $0.name == name } }
        self.policies = policies
        self.states = states
    }

    /// What a policy wants to remember; `.null` where it has not said anything yet.
    package func state(of policy: String) -> ScriptValue { states[policy] ?? .null }

    /// The KPIs that the policies looked at in their last runs, sorted, each once.
    package var kpisRead: [String] { Array(Set(policies.flatMap(\.kpisRead))).sorted() }

    /// Whether a resource is already what a policy asks it to be: its persona, for about as long.
    package typealias Mootness = @Sendable (_ resource: String, _ persona: String, _ duration: TimeSpan?) -> Bool

    /// Everything that `decide` needs to know.
    ///
    /// A policy says at each run which personas resources should have; what they have already is no proposal, lest it use up budgets.
    package mutating func propose(
        _ observation: Observation,
        outlook: DemandOutlook?,
        rules: FleetRules,
        isMoot: Mootness = { _, _, _ in false },
        series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer,
        forecast: @escaping @Sendable (ForecastQuery) -> ForecastAnswer?
    ) async -> DecisionInput {
        var input = DecisionInput(observation: observation, outlook: outlook, rules: rules)
        guard !policies.isEmpty else { return input }
        let context = PolicyContext(
            fleet: fleet,
            personas: personas,
            now: observation.now,
            capacity: observation.resources,
            served: served(rules),
            outlook: outlook,
            seed: seed(at: observation.now),
            series: series,
            forecast: forecast
        )
        for runner in policies {
            let run = await runner.propose(context, state: state(of: runner.policy.name))
            states[runner.policy.name] = run.state
            input.policies.append(run.outcome.without(isMoot))
        }
        if let runner = policies.first(where: \.policy.hasMergeHook) {
            let alone = decide(DecisionInput(observation: observation, outlook: outlook, rules: rules))
            input.mergeHook = await runner.merge(
                context,
                proposals: input.policies,
                prediction: alone.need,
                state: state(of: runner.policy.name)
            )
        }
        if let runner = policies.first(where: \.policy.hasMixHook) {
            let draft = decide(input)
            if draft.target > draft.current, let persona = rules.personas.first {
                let missing = draft.target - draft.current
                input.mixHook = await runner.choosePersona(
                    context,
                    shortfall: Shortfall(demand: Double(missing) * persona.capacity, resources: missing),
                    state: state(of: runner.policy.name)
                )
            }
        }
        return input
    }

    /// What the rules know better than the personas.
    private func served(_ rules: FleetRules) -> [String: Double] {
        var served: [String: Double] = [:]
        for persona in personas {
            guard let known = rules.personas.first(where: { $0.name == persona.name })?.capacity,
                known > 0, known != persona.capacity(for: fleet.demand)
            else { continue }
            served[persona.name] = known
        }
        return served
    }

    /// Source of the policies' random numbers: the same for the same fleet and instant (FNV-1a).
    private func seed(at now: Timestamp) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in fleet.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash ^ UInt64(bitPattern: now.milliseconds)) &* 0x100_0000_01b3
    }
}

extension PolicyOutcome {
    fileprivate func without(_ isMoot: FleetProposer.Mootness) -> PolicyOutcome {
        guard case .proposed(let proposals) = ending else { return self }
        var outcome = self
        let kept = proposals.filter { proposal in
            guard case .assign(let resource, let persona, let duration) = proposal.ask else { return true }
            return !isMoot(resource, persona, duration)
        }
        if kept.count < proposals.count { outcome.ending = .proposed(kept) }
        return outcome
    }
}
