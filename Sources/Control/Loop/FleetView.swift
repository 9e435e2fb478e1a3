import Decision
import Domain
import Drivers
import StateStore

/// What others may know of a fleet, as its last evaluation left it.
struct FleetView: Sendable {
    var assembly: FleetAssembly
    var resources: [DescribedResource] = []
    var groups: [ResourceGroup] = []
    var decision: Decision?
    var demand = Reading.blind(status: "missing", last: nil)
    var outlook: DemandOutlook?
    var levels: [FleetGauges.Level] = []
    var leadTime = TimeSpan.zero
    var capacity = 0.0
    var driver = DriverSight()
    var notes: [String] = []

    func count(_ state: ResourceState) -> Int { groups.reduce(0) { $1.state == state ? $0 + $1.count : $0 } }
}

extension FleetView {
    func status(driver health: DriverStatus, silentFor silence: TimeSpan?, overrides: [StoredOverride]) -> FleetStatus {
        let fleet = assembly.fleet
        let (value, word): (Double?, String) =
            switch demand {
            case .value(let value): (value, "ok")
            case .blind(let status, _): (nil, status)
            }
        var notes = overrides.map { $0.inWords } + notes
        if let silence {
            let since = silence.seconds.rounded()
            notes.append(
                "driver \(fleet.driver) has not answered for \(Int(min(since, 1e9))) s: the fleet is held until it does"
            )
        }
        return FleetStatus(
            name: fleet.name,
            driver: fleet.driver,
            mode: fleet.mode,
            personas: fleet.personas,
            policies: fleet.policies,
            ready: count(.ready),
            starting: count(.starting),
            draining: count(.draining),
            target: decision?.target,
            demand: value,
            demandStatus: word,
            demandUnit: fleet.demand.kpi,
            forecast: forecast,
            lastDecision: decision.map {
                FleetStatus.DecisionSummary(
                    at: $0.at,
                    outcome: $0.outcome.rawValue,
                    current: $0.current,
                    target: $0.target,
                    reason: $0.reason
                )
            },
            driverHealth: health,
            notes: notes
        )
    }

    private var forecast: FleetStatus.ForecastStatus? {
        guard let outlook, let step = aheadStep(outlook) else { return nil }
        return FleetStatus.ForecastStatus(
            model: outlook.model,
            trust: outlook.trust,
            quantile: outlook.quantile,
            ahead: outlook.values[step],
            median: outlook.medians.indices.contains(step) ? outlook.medians[step] : outlook.values[step],
            leadTime: leadTime
        )
    }

    /// The step of the outlook that the lead time ends in.
    private func aheadStep(_ outlook: DemandOutlook) -> Int? {
        guard !outlook.values.isEmpty else { return nil }
        return min(FleetForecaster.steps(in: leadTime, of: outlook.step), outlook.values.count) - 1
    }

    var gauges: FleetGauges {
        FleetGauges(
            fleet: assembly.fleet.name,
            mode: assembly.fleet.mode,
            demand: demand.usable,
            forecast: levels,
            need: decision?.need,
            target: decision?.target,
            ready: count(.ready),
            starting: count(.starting),
            capacity: capacity,
            trust: outlook?.trust
        )
    }
}
