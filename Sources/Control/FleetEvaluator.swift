package import Decision
package import Domain
import ScriptProtocol
package import Scripting

/// One fleet's evaluation, from what is seen to what is decided: observe → forecast → propose → merge hook → mix hook → decide.
///
/// The loop of a server, a backtest, a policy test and the demo all call this one function; they differ in where demand and KPIs
/// come from and in what becomes of the decision. It holds what one evaluation leaves for the next (the model, the past of the
/// rails, the policies' states) and does nothing by itself: time, demand and KPIs are arguments.
package struct FleetEvaluator {
    package let fleet: Fleet
    /// Those that the fleet names, in its order.
    package let personas: [Persona]
    package var rules: FleetRules
    package var forecaster: FleetForecaster
    let policies: [PolicyRunner]
    /// What each policy wants to remember, by its name.
    var states: [String: ScriptValue] = [:]
    private var past: [PastDecision] = []

    /// - Parameters:
    ///   - policies: run in this order; the first that has a hook is the one whose hook is asked.
    package init(
        fleet: Fleet, personas: [Persona], rules: FleetRules? = nil, policies: [PolicyRunner], forecaster: FleetForecaster
    ) {
        self.fleet = fleet
        self.personas = fleet.personas.compactMap { name in personas.first { $0.name == name } }
        self.rules = rules ?? FleetRules(fleet: fleet, personas: personas)
        self.policies = policies
        self.forecaster = forecaster
    }

    /// Evaluates the fleet at one instant and remembers what the next evaluation's rails need of it.
    package mutating func evaluate(
        _ moment: Moment, series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer
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
        let input = await propose(observation, outlook: forecaster.outlook(), series: series)
        let decision = decide(input)
        remember(decision)
        return DecisionRecord(input: input, decision: decision)
    }

    private mutating func remember(_ decision: Decision) {
        // What was only said leaves no trace in the rails: a dry run has no side effects.
        let acted = decision.outcome != .advise && decision.outcome != .await
        past.append(
            PastDecision(at: decision.at, target: acted ? decision.target : decision.current, need: decision.need))
        // The rails ask for the target at a window's start, so the last entry before the longest window stays.
        let oldest = decision.at - rules.limits.memory
        if let start = past.lastIndex(where: { $0.at <= oldest }), start > 0 { past.removeFirst(start) }
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
        now: Timestamp, demand: Reading, resources: [ResourceGroup], leadTime: TimeSpan, interval: TimeSpan
    ) {
        self.now = now
        self.demand = demand
        self.resources = resources
        self.leadTime = leadTime
        self.interval = interval
    }
}
