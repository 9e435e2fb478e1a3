import Decision
import Domain
import KPIStore
import Scripting
import Synchronization

/// A model that is to be fitted off the loop; the fleet is decided with the one it has meanwhile.
enum TrainingJob: Sendable {
    /// From all that is stored; `recalls`: also what was stored before this fleet's readings were asked for.
    case history(FleetAssembly, leadTime: TimeSpan, recalls: Bool)
    /// The one there is, on what it has seen since.
    case again(FleetForecaster)
}

extension FleetLane {
    var hasTraining: Bool { desk.withLock { $0.toTrain != nil } }

    /// Does what is to be trained, and leaves the model for the next evaluation, which gives it the steps that have passed meanwhile.
    func train() async {
        let job = desk.withLock { desk in
            defer { desk.toTrain = nil }
            desk.isTraining = desk.toTrain != nil
            return desk.toTrain
        }
        guard let job else { return }
        await services.training.pass {
            // A stop does not wait for a fit, which may take long: the next start makes it anew.
            let forecaster = await self.services.threads.runUnlessCancelled { self.fitted(job) }
            self.desk.withLock { desk in
                desk.trained = forecaster ?? desk.trained
                desk.isTraining = false
            }
            guard let forecaster else { return }
            self.parts.report(.trained(fleet: self.name, model: forecaster.outlook()?.model ?? "none"))
        }
    }

    private func fitted(_ job: TrainingJob) -> FleetForecaster? {
        switch job {
        case .again(var forecaster):
            forecaster.train()
            return forecaster
        case .history(let assembly, let leadTime, let recalls):
            do throws(KPIStoreError) {
                let now = parts.clock.now
                if recalls {
                    let kpi = assembly.fleet.demand.kpi
                    try parts.readings.recall(fleet: name, kpi: kpi, from: now - parts.settings.history, until: now)
                }
                return try .fit(to: assembly, leadTime: leadTime, now: now, settings: parts.settings)
            } catch {
                parts.report(.trouble("fleet \(name): no model, for its history cannot be read: \(error)"))
                return nil
            }
        }
    }
}

extension FleetForecaster {
    /// One that knows nothing yet, on the fleet's grid.
    static func make(for assembly: FleetAssembly, from start: Timestamp, leadTime: TimeSpan, now: Timestamp)
        -> FleetForecaster
    {
        FleetForecaster(
            step: assembly.fleet.grid,
            start: start.floored(to: assembly.fleet.grid),
            leadTime: leadTime,
            quantile: assembly.personas.first?.cost.quantile ?? 0.95,
            utcOffset: (Zone(assembly.fleet.timezone) ?? .utc).offset(at: now)
        )
    }

    /// One that has learned what is stored of the fleet's demand; nil where nothing is.
    static func fit(
        to assembly: FleetAssembly,
        leadTime: TimeSpan,
        now: Timestamp,
        settings: ControlSettings
    ) throws(KPIStoreError) -> FleetForecaster? {
        let step = assembly.fleet.grid
        let lateness = min(settings.lateness, TimeSpan(milliseconds: step.milliseconds / 4))
        let end = (now - lateness).floored(to: step)
        let longest = TimeSpan(milliseconds: step.milliseconds * 30_000)
        let start = (end - min(settings.history, longest)).floored(to: step)
        guard start < end else { return nil }
        let grid = try WindowGrid(from: start, to: end, step: step)
        let values = try assembly.series.demand(on: grid)
        guard let first = values.firstIndex(where: { !$0.isNaN }) else { return nil }
        let begin = start + TimeSpan(milliseconds: step.milliseconds * Int64(first))
        var forecaster = make(for: assembly, from: begin, leadTime: leadTime, now: now)
        forecaster.learn(Array(values[first...]))
        return forecaster
    }

    /// Demand one lead time ahead at some levels, for gauges.
    func levels(ahead lead: TimeSpan) -> [FleetGauges.Level] {
        guard let outlook = outlook() else { return [] }
        let step = min(Self.steps(in: lead, of: step), outlook.values.count) - 1
        guard step >= 0, outlook.medians.indices.contains(step) else { return [] }
        let levels = [
            FleetGauges.Level(quantile: 0.5, demand: outlook.medians[step]),
            FleetGauges.Level(quantile: outlook.quantile, demand: outlook.values[step]),
        ]
        return outlook.quantile == 0.5 ? [levels[0]] : levels
    }
}
