import Decision
import Domain
import KPIStore
import Synchronization

extension FleetLane {
    /// The *forecast* verb: gives the model the steps of the grid that are over, and learns what resources served in them.
    ///
    /// A step is taken a moment after its end, when its readings are in: what was taken is never taken back.
    func forecast(_ work: inout LaneWork, at now: Timestamp) {
        let series = work.assembly.series
        let step = work.assembly.fleet.grid
        let lateness = min(parts.settings.lateness, TimeSpan(milliseconds: step.milliseconds / 4))
        let end = (now - lateness).floored(to: step)
        let forecaster = work.evaluator.forecaster
        let start = max(forecaster.origin.map { $0 + step } ?? forecaster.start, end - parts.settings.history)
        if start < end {
            do throws(KPIStoreError) {
                let grid = try WindowGrid(from: start.floored(to: step), to: end, step: step)
                for (index, value) in try series.demand(on: grid).enumerated() {
                    let time = grid.start + TimeSpan(milliseconds: step.milliseconds * Int64(index))
                    work.evaluator.forecaster.observe(value, at: time, trains: false)
                }
                learnServed(&work, on: grid)
            } catch {
                parts.report(.trouble("fleet \(name): its demand cannot be read: \(error)"))
            }
        }
        work.news = series.news(of: kpis(work))
        askForTraining(work, at: now)
    }

    /// Those that a new sample of makes the fleet worth an evaluation; each once.
    func kpis(_ work: LaneWork) -> [String] {
        let demand = work.assembly.fleet.demand.kpi
        return [demand] + work.evaluator.kpisRead.filter { $0 != demand }
    }

    /// Fits the model anew elsewhere: where a day of values has come, or resources have come to take another time to start.
    private func askForTraining(_ work: LaneWork, at now: Timestamp) {
        let lead = work.leadTime(at: now)
        let steps = FleetForecaster.steps(in: lead, of: work.assembly.fleet.grid)
        let job: TrainingJob
        if steps != work.evaluator.forecaster.leadSteps, work.evaluator.forecaster.origin != nil {
            job = .history(work.assembly, leadTime: lead, recalls: false)
        } else if work.evaluator.forecaster.needsTraining {
            job = .again(work.evaluator.forecaster)
        } else {
            return
        }
        desk.withLock { desk in
            if desk.toTrain == nil, desk.trained == nil, !desk.isTraining { desk.toTrain = job }
        }
    }

    // MARK: What resources serve

    /// Learns from the last step, if the fleet was the same all through it.
    private func learnServed(_ work: inout LaneWork, on grid: WindowGrid) {
        let last = grid.end - grid.step
        guard work.readyChanged <= last else { return }
        let ready = work.groups.filter { $0.state == .ready }
        guard !ready.isEmpty, let step = try? WindowGrid(from: last, to: grid.end, step: grid.step) else { return }
        let loads = loads(work, ready: ready, on: step)
        for (persona, load) in loads {
            let declared = persona.capacity(for: work.assembly.fleet.demand) ?? 0
            let held = objectivesHeld(persona, work.assembly, on: step)
            var served = work.learned.served[persona.name] ?? ServedCapacity()
            if served.observe(load: load, held: held, declared: declared) { work.learned.served[persona.name] = served }
        }
    }

    /// Demand that each ready resource bore, by persona: as they report it, or else shared as their capacities are.
    private func loads(_ work: LaneWork, ready: [ResourceGroup], on step: WindowGrid) -> [(Persona, Double)] {
        let fleet = work.assembly.fleet
        guard let total = try? work.assembly.series.demand(on: step).first, total > 0 else { return [] }
        var served: [(persona: Persona, count: Double, demand: Double)] = []
        for persona in work.assembly.personas {
            let count = ready.reduce(0) { $1.persona == persona.name ? $0 + $1.count : $0 }
            guard count > 0 else { continue }
            let sum = try? parts.readings.window(
                fleet: fleet.name,
                kpi: fleet.demand.kpi,
                persona: persona.name,
                resource: nil,
                .sum,
                on: step
            )
            var demand = sum?.first.flatMap { $0.isNaN ? nil : $0 } ?? 0
            if case .utilization = fleet.demand { demand *= persona.allocation.cpu ?? 0 }
            served.append((persona, Double(count), demand))
        }
        let reported = served.reduce(0) { $0 + $1.demand }
        if reported >= 0.5 * total { return served.map { ($0.persona, $0.demand / $0.count) } }
        let capacity = served.reduce(0) { $0 + work.capacity(of: $1.persona) * $1.count }
        guard capacity > 0 else { return [] }
        return served.map { ($0.persona, total * work.capacity(of: $0.persona) / capacity) }
    }

    /// Nil where no objective can be judged.
    private func objectivesHeld(_ persona: Persona, _ assembly: FleetAssembly, on step: WindowGrid) -> Bool? {
        var held: Bool?
        for requirement in persona.kpis {
            guard let objective = requirement.objective else { continue }
            let own = try? parts.readings.window(
                fleet: assembly.fleet.name,
                kpi: requirement.kpi,
                persona: persona.name,
                resource: nil,
                .mean,
                on: step
            )
            guard let value = own?.first, !value.isNaN else { continue }
            guard objective.holds(value) else { return false }
            held = true
        }
        return held
    }
}

extension Objective {
    /// Whether a value keeps it.
    package func holds(_ other: Double) -> Bool {
        switch comparison {
        case .below: other < value
        case .atMost: other <= value
        case .above: other > value
        case .atLeast: other >= value
        }
    }
}
