package import Control
package import Domain
package import Drivers
import Foundation
import KPIStore

/// The world of one simulated fleet: the demand that a workload makes, and what its resources report while they meet it.
///
/// A KPI that the fleet maps is reported as the mapping reads it: under the foreign name, with the labels that must match, as a counter
/// where a rate is taken. Demand is one series, as a load balancer would report it; the other KPIs are reported by each ready resource.
package struct SimulatedLoad: Sendable {
    package let fleet: Fleet
    private let personas: [Persona]
    private let trace: DemandTrace
    private var kpis: SimulatedKPIs
    /// Of counters: where they stand, and since when.
    private var counters: [String: Double] = [:]
    private var last: Timestamp?

    /// - Parameter workload: comes again when it is over.
    package init(fleet: Fleet, personas: [Persona], workload: Workload) {
        self.fleet = fleet
        self.personas = personas
        trace = workload.trace(named: fleet.name)
        kpis = SimulatedKPIs(personas: personas)
    }

    /// Demand at an instant; NaN where the workload has a gap.
    package func demand(at time: Timestamp) -> Double {
        guard trace.count > 0 else { return .nan }
        let step = max(1, trace.step.milliseconds)
        let offset = (time - trace.start).milliseconds
        let index = (offset / step - (offset % step < 0 ? 1 : 0)) % Int64(trace.count)
        return trace.values[Int(index < 0 ? index + Int64(trace.count) : index)]
    }

    /// What is reported at an instant; never for one that is not later than the last.
    package mutating func readings(at now: Timestamp, of resources: [DescribedResource]) -> [FleetReading] {
        guard last.map({ now > $0 }) ?? true else { return [] }
        let seconds = last.map { (now - $0).seconds } ?? 0
        last = now
        let demand = demand(at: now)
        let ready = resources.map(\.resource).filter { $0.state == .ready }
        let capacity = ready.reduce(0) { sum, resource in
            sum + (personas.first { $0.name == resource.persona }?.capacity(for: fleet.demand) ?? 0)
        }
        var readings: [FleetReading] = []
        // A gap in the workload is a silence, not a zero.
        if demand.isFinite {
            readings.append(reading(fleet.demand.kpi, of: nil, demand, seconds, at: now))
        }
        for reported in kpis.step(demand: demand, capacity: capacity) where !reported.amount.isNaN {
            guard reported.kpi != fleet.demand.kpi, isWanted(reported.kpi) else { continue }
            if isReportedByNobody(reported.kpi) {
                readings.append(reading(reported.kpi, of: nil, reported.amount, seconds, at: now))
            } else {
                for resource in ready {
                    readings.append(reading(reported.kpi, of: resource.id, reported.amount, seconds, at: now))
                }
            }
        }
        return readings
    }

    /// Demand as it would have been reported on the fleet's grid from `start` to `end`: a past to learn from.
    package mutating func history(from start: Timestamp, to end: Timestamp) -> [FleetReading] {
        var readings: [FleetReading] = []
        let step = max(.seconds(1), fleet.grid)
        var time = start
        while time < end {
            let demand = demand(at: time)
            if demand.isFinite {
                let seconds = last.map { (time - $0).seconds } ?? 0
                readings.append(reading(fleet.demand.kpi, of: nil, demand, seconds, at: time))
            }
            last = time
            time = time + step
        }
        return readings
    }

    private func isWanted(_ kpi: String) -> Bool {
        fleet.kpis.contains { $0.kpi == kpi } || personas.contains { $0.kpis.contains { $0.kpi == kpi } }
    }

    private func isReportedByNobody(_ kpi: String) -> Bool {
        fleet.kpis.first { $0.kpi == kpi }?.resourceLabel.isEmpty ?? false
    }

    private mutating func reading(
        _ kpi: String,
        of resource: String?,
        _ value: Double,
        _ seconds: Double,
        at now: Timestamp
    ) -> FleetReading {
        let key: SeriesKey
        var value = value
        if let mapping = fleet.kpis.first(where: { $0.kpi == kpi }), !mapping.isSentByAgents {
            var labels = mapping.match
            if !labels.contains(where: { $0.name == "fleet" }) {
                labels.append(Setting(name: "fleet", value: fleet.name))
            }
            if let resource, !mapping.resourceLabel.isEmpty {
                labels.append(Setting(name: mapping.resourceLabel, value: resource))
            }
            key = SeriesKey(mapping.metric, labels: labels)
            if mapping.rate {
                let counter = "\(kpi)/\(resource ?? "")"
                value = counters[counter, default: 0] + max(0, value) * seconds
                counters[counter] = value
            }
        } else {
            var labels = [Setting(name: "fleet", value: fleet.name)]
            if let resource { labels.append(Setting(name: "instance", value: resource)) }
            key = SeriesKey(kpi, labels: labels)
        }
        return FleetReading(fleet: fleet.name, key: key, sample: Sample(at: now, value: value))
    }
}
