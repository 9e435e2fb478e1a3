package import Control
package import Decision
package import Domain
package import Scripting
package import Workers

/// A fleet scaled over a demand trace by `FleetEvaluator`, the same that a server runs, on a simulated fleet.
///
/// A decision at a step knows the demand up to and including that step, and nothing later. What a decision starts is ready one lead
/// time later; what it retires neither serves nor costs from then on.
package struct FleetSimulation {
    package let trace: DemandTrace
    /// The fleet as it is run here: on the trace's grid, and acting.
    package let fleet: Fleet
    /// Demand that one ready resource of the default persona serves.
    package let capacity: Double
    package let lead: TimeSpan
    /// The first step that is decided; what lies before is history to learn from.
    package let first: Int
    /// The next step to be decided.
    package private(set) var index: Int
    private var evaluator: FleetEvaluator
    private var simulated: SimulatedFleet
    private var series: RecordedSeries
    private var kpis: SimulatedKPIs
    private let capacities: [String: Double]

    /// - Parameters:
    ///   - fleet: run with all its limits; its mode and interval are replaced.
    ///   - personas: all that the fleet names.
    ///   - policies: what proposes.
    ///   - first: the first step that is decided.
    ///   - ready: resources at the beginning; nil = what the last known demand asks for, with head room.
    package init(
        fleet: Fleet,
        personas: [Persona],
        policies: [Policy],
        workers: WorkerPool,
        trace: DemandTrace,
        first: Int,
        lead: TimeSpan,
        ready: Int? = nil
    ) throws(SimulationError) {
        let own = fleet.personas.compactMap { name in personas.first { $0.name == name } }
        guard let persona = own.first else {
            throw SimulationError(message: "fleet \(fleet.name) has no persona: name at least one in its `personas`")
        }
        guard let capacity = persona.capacity(for: fleet.demand), capacity > 0 else {
            throw SimulationError(
                message:
                    "persona \(persona.name) does not say how much \(fleet.demand.kpi) a resource serves: add it to `capacity`"
            )
        }
        var scaled = fleet
        scaled.grid = trace.step
        scaled.interval = trace.step
        scaled.mode = .act
        if !trace.hasZone { scaled.timezone = Zone.utc.identifier }

        self.trace = trace
        self.fleet = scaled
        self.capacity = capacity
        self.lead = lead
        self.first = min(max(0, first), trace.count)
        index = self.first
        capacities = Dictionary(own.map { ($0.name, $0.capacity(for: fleet.demand) ?? 0) }) { a, _ in a }
        let start = trace.timestamp(at: self.first)
        var forecaster = FleetForecaster(
            step: trace.step,
            start: trace.timestamp(at: 0),
            leadTime: lead,
            quantile: persona.cost.quantile,
            utcOffset: (Zone(scaled.timezone) ?? .utc).offset(at: start)
        )
        forecaster.learn(Array(trace.values.prefix(self.first)))
        let runners = policies.map { PolicyRunner(policy: $0, fleet: scaled, personas: own, workers: workers) }
        evaluator = FleetEvaluator(fleet: scaled, personas: own, policies: runners, forecaster: forecaster)
        kpis = SimulatedKPIs(personas: own)
        series = RecordedSeries(demand: fleet.demand.kpi, step: trace.step)
        for i in max(0, self.first - RecordedSeries.memory)..<self.first {
            series.append(demand: trace.values[i], readings: [], at: trace.timestamp(at: i))
        }
        // The run begins as a fleet that has been there before: with what the last known demand asks for.
        let last = trace.values.prefix(self.first + 1).last { !$0.isNaN } ?? 0
        let asked = (last / capacity * (1 + fleet.headroom)).rounded(.up)
        simulated = SimulatedFleet(name: fleet.name, personas: own.map(\.name), start: start, lead: lead)
        let bounded = max(scaled.limits.min, min(ready ?? Int(exactly: asked) ?? 0, scaled.limits.max ?? .max))
        simulated.seedReady(count: bounded, persona: persona.name)
    }

    /// What has been learned up to the last step.
    package var forecaster: FleetForecaster { evaluator.forecaster }

    /// Decides and carries out the next step; nil at the end of the trace.
    package mutating func step() async -> SimulationStep? {
        guard index < trace.count else { return nil }
        defer { index += 1 }
        let now = trace.timestamp(at: index)
        simulated.advance(to: now)
        let demand = trace.values[index]
        let groups = simulated.groups()
        series.append(demand: demand, readings: kpis.step(demand: demand, capacity: served(by: groups)), at: now)
        evaluator.forecaster.observe(demand, at: now)
        let moment = Moment(
            now: now,
            demand: demand.isNaN ? .blind(status: "missing", last: series.lastDemand) : .value(demand),
            resources: groups,
            leadTime: lead,
            interval: trace.step
        )
        let record = await evaluator.evaluate(moment, series: series.answers(now: now))
        _ = simulated.apply(record.decision.plan, key: "\(fleet.name)/\(now.milliseconds)")
        return SimulationStep(
            index: index,
            now: now,
            demand: demand,
            capacity: served(by: simulated.groups()),
            ready: simulated.ready,
            billed: simulated.billed,
            record: record
        )
    }

    private func served(by groups: [ResourceGroup]) -> Double {
        groups.reduce(0) { $1.state == .ready ? $0 + Double($1.count) * (capacities[$1.persona] ?? 0) : $0 }
    }
}

/// One step, after its decision was carried out.
package struct SimulationStep: Sendable {
    package let index: Int
    package let now: Timestamp
    /// NaN where the trace has a gap.
    package let demand: Double
    /// Demand that the ready resources serve together.
    package let capacity: Double
    package let ready: Int
    package let billed: Int
    package let record: DecisionRecord
}

/// Why a fleet cannot be simulated; `message` says what to do.
package struct SimulationError: Error, CustomStringConvertible, Sendable {
    package let message: String
    package var description: String { message }
}
