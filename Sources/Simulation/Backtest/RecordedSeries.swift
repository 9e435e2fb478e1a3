package import Domain
package import Scripting

/// The KPIs of a simulated fleet so far, as policies may ask for them.
package struct RecordedSeries: Sendable {
    /// How many steps are kept: a policy looks at hours, rarely at days.
    package static let memory = 4096

    private let demandKPI: String
    private let step: TimeSpan
    private var demand: [Double] = []
    /// One column per KPI of `SimulatedKPIs`, each as long as `demand`.
    private var columns: [[Double]]
    private var last: Timestamp?

    package init(demand: String, step: TimeSpan) {
        demandKPI = demand
        self.step = step
        columns = SimulatedKPIs.names.map { _ in [] }
    }

    /// The last demand that is known.
    package var lastDemand: Double? { demand.last { !$0.isNaN } }

    /// Takes one step; KPIs without a reading have a gap.
    package mutating func append(demand value: Double, readings: [KPIAmount], at time: Timestamp) {
        demand.append(value)
        for (i, name) in SimulatedKPIs.names.enumerated() {
            columns[i].append(readings.first { $0.kpi == name }?.amount ?? .nan)
        }
        last = time
        guard demand.count > 2 * Self.memory else { return }
        demand.removeFirst(Self.memory)
        for i in columns.indices { columns[i].removeFirst(Self.memory) }
    }

    /// What answers a policy's questions at `now`.
    package func answers(now: Timestamp) -> @Sendable (SeriesQuery) -> SeriesAnswer {
        { query in self.answer(query, now: now) }
    }

    private func answer(_ query: SeriesQuery, now: Timestamp) -> SeriesAnswer {
        // Resources are not told apart here: all of a persona serve alike.
        guard query.resource == nil, let last else { return .missing }
        let values: [Double]
        if query.isDemand || query.kpi == demandKPI {
            values = demand
        } else if let column = SimulatedKPIs.names.firstIndex(of: query.kpi) {
            values = columns[column]
        } else {
            return .missing
        }
        let steps = Int(clamping: max(1, query.window.milliseconds / max(1, step.milliseconds)))
        let window = Array(values.suffix(steps))
        let start = last - TimeSpan(milliseconds: step.milliseconds * Int64(max(0, window.count - 1)))
        return SeriesAnswer(status: status(of: window), start: start, step: step, values: window)
    }

    private func status(of window: [Double]) -> SeriesAnswer.Status {
        if let value = window.last, !value.isNaN { return .ok }
        // The fleet is seen, but there was nothing to measure.
        if let demand = demand.last, !demand.isNaN { return .idle }
        return window.allSatisfy(\.isNaN) ? .missing : .stale
    }
}
