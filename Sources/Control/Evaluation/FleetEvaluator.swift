package import Decision
package import Domain
package import ScriptProtocol
package import Scripting

/// One fleet's evaluation, from what is seen to what is decided: observe → forecast → propose → merge hook → mix hook → decide.
///
/// The loop of a server, a backtest and the demo all call this one function; they differ in where demand and KPIs come from and in what
/// becomes of the decision. It holds what one evaluation leaves for the next (the model, the past of the rails, the policies' states)
/// and does nothing by itself: time, demand and KPIs are arguments.
package struct FleetEvaluator: Sendable {
    package var rules: FleetRules
    package var forecaster: FleetForecaster
    private var proposer: FleetProposer
    /// What the rails know of earlier decisions.
    package private(set) var past: [PastDecision]

    package var fleet: Fleet { proposer.fleet }

    /// - Parameters:
    ///   - personas: all that the fleet names, in any order.
    ///   - policies: run in this order; the first that has a hook is the one whose hook is asked.
    ///   - states: what the policies remember from before.
    ///   - past: what the rails know from before.
    package init(
        fleet: Fleet,
        personas: [Persona],
        policies: [PolicyRunner],
        forecaster: FleetForecaster,
        states: [String: ScriptValue] = [:],
        past: [PastDecision] = []
    ) {
        rules = FleetRules(fleet: fleet, personas: personas)
        proposer = FleetProposer(fleet: fleet, personas: personas, policies: policies, states: states)
        self.forecaster = forecaster
        self.past = past
    }

    /// What a policy wants to remember.
    package func state(of policy: String) -> ScriptValue { proposer.state(of: policy) }

    /// Forgets the last evaluation: what it would have left for later ones is as it was in `before`.
    mutating func undo(to before: FleetEvaluator) {
        proposer = before.proposer
        past = before.past
    }

    /// The KPIs that the policies looked at in their last runs, sorted.
    package var kpisRead: [String] { proposer.kpisRead }

    /// Evaluates the fleet at one instant and remembers what the next evaluation's rails need of it.
    ///
    /// - Parameters:
    ///   - isMoot: whether a resource is already what a policy asks it to be, for about as long.
    ///   - deciding: decides; another one may add what of the input is known only then.
    package mutating func evaluate(
        _ moment: Moment,
        isMoot: @escaping FleetProposer.Mootness = { _, _, _ in false },
        deciding: (DecisionInput) -> DecisionRecord = { DecisionRecord(deciding: $0) },
        series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer
    ) async -> DecisionRecord {
        let observation = Observation(
            fleet: fleet.name,
            now: moment.now,
            demand: moment.demand,
            resources: moment.resources,
            leadTime: moment.leadTime,
            interval: moment.interval,
            past: past
        )
        let forecaster = self.forecaster
        let input = await proposer.propose(
            observation,
            outlook: forecaster.outlook(),
            rules: rules,
            isMoot: isMoot,
            series: series,
            forecast: { forecaster.answer($0, now: moment.now) }
        )
        let record = deciding(input)
        past.remember(record.decision.past, for: rules.limits.memory)
        return record
    }
}

/// What one evaluation is given.
package struct Moment: Sendable {
    package var now: Timestamp
    package var demand: Reading
    package var resources: [ResourceGroup]
    /// Time from asking for a resource to its being ready.
    package var leadTime: TimeSpan
    /// Time to the next evaluation.
    package var interval: TimeSpan

    package init(
        now: Timestamp,
        demand: Reading,
        resources: [ResourceGroup],
        leadTime: TimeSpan,
        interval: TimeSpan
    ) {
        self.now = now
        self.demand = demand
        self.resources = resources
        self.leadTime = leadTime
        self.interval = interval
    }
}
