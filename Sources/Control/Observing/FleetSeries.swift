import Decision
import Domain
import KPIStore
import ScriptProtocol
import Scripting

/// The readings of one fleet, as its decisions and policies see them: on its grid, and with a word for what cannot be seen.
///
/// What is missing is not idle, and neither is zero:
/// - `missing`: never heard of; of a single resource, not in the last hour or the last ten steps.
/// - `stale`: silent for longer than three steps of the grid, or two minutes if that is longer.
/// - `source_down`: its source has said that it ends (Prometheus' stale marker); or the store cannot be read.
/// - `nan`: heard of, but as no number.
/// - `idle`: silent, or no number, because there is no ready resource that could report, or no demand to measure anything of.
struct FleetSeries: Sendable {
    let fleet: Fleet
    /// In the fleet's order.
    let personas: [Persona]
    let readings: any FleetReadings

    /// How long a KPI may be silent.
    var patience: TimeSpan { max(.minutes(2), TimeSpan(milliseconds: 3 &* fleet.grid.milliseconds)) }

    // MARK: Demand

    /// The demand of this moment, with the KPI's status.
    func demand(at now: Timestamp, groups: [ResourceGroup]) -> Reading {
        let answer = self.answer(
            SeriesQuery(kpi: fleet.demand.kpi, aggregate: "sum", isDemand: true, window: patience + fleet.grid),
            at: now,
            groups: groups
        )
        let last = answer.values.last { !$0.isNaN }
        if answer.status == .ok, let last { return .value(last) }
        // Fresh, but nothing of it on the grid: what came, came from the future.
        return .blind(status: answer.status == .ok ? "missing" : answer.status.rawValue, last: last)
    }

    /// Demand per step of a grid, NaN where it is not known.
    func demand(on grid: WindowGrid) throws(KPIStoreError) -> [Double] {
        switch fleet.demand {
        case .kpi(let kpi):
            return try readings.window(fleet: fleet.name, kpi: kpi, persona: nil, resource: nil, .sum, on: grid)
        case .utilization(let kpi, _):
            // Σ utilisation × cores: of each persona apart, for their resources have other numbers of cores.
            var sums = [Double](repeating: .nan, count: grid.count)
            for persona in personas {
                guard let cores = persona.allocation.cpu else { continue }
                let used = try readings.window(
                    fleet: fleet.name,
                    kpi: kpi,
                    persona: persona.name,
                    resource: nil,
                    .sum,
                    on: grid
                )
                for i in sums.indices where !used[i].isNaN { sums[i] = (sums[i].isNaN ? 0 : sums[i]) + used[i] * cores }
            }
            return sums
        }
    }

    // MARK: What policies ask

    func answer(_ query: SeriesQuery, at now: Timestamp, groups: [ResourceGroup]) -> SeriesAnswer {
        let isDemand =
            query.isDemand || (query.kpi == fleet.demand.kpi && query.aggregate == "sum" && query.persona == nil)
        guard let aggregate = RollupAggregate(named: query.aggregate) else { return .missing }
        do throws(KPIStoreError) {
            guard let last = readings.lastHeard(fleet: fleet.name, kpi: query.kpi, persona: query.persona) else {
                return .missing
            }
            // Of one resource nothing is kept but its readings: all questions look back far enough for the word, however little they ask for.
            let asked = try grid(of: query.window, before: now)
            let grid = try query.resource == nil ? asked : grid(of: max(query.window, lookBack), before: now)
            var values: [Double]
            if isDemand, query.resource == nil {
                values = try demand(on: grid)
            } else {
                values = try readings.window(
                    fleet: fleet.name,
                    kpi: query.kpi,
                    persona: query.persona,
                    resource: query.resource,
                    aggregate,
                    on: grid
                )
            }
            if isDemand || aggregate == .sum { values = Self.withoutHalfSums(values) }
            let status = status(query, last, values, on: grid, at: now, groups: groups)
            return SeriesAnswer(
                status: status,
                start: asked.start,
                step: fleet.grid,
                values: Array(values.suffix(asked.count))
            )
        } catch {
            var answer = SeriesAnswer.missing
            answer.status = .sourceDown
            return answer
        }
    }

    /// In the step that is not over, some resources have not reported yet: its sum counts where it is larger than the one before.
    private static func withoutHalfSums(_ values: [Double]) -> [Double] {
        guard values.count > 1, let last = values.last, let before = values.dropLast().last else { return values }
        if before.isNaN || last.isNaN || last >= before { return values }
        return values.dropLast() + [before]
    }

    /// Whole steps, the last of which is the one that `now` lies in.
    private func grid(of window: TimeSpan, before now: Timestamp) throws(KPIStoreError) -> WindowGrid {
        let step = max(1, fleet.grid.milliseconds)
        let count = min(max(1, window.milliseconds / step), LookLimits.steps)
        let last = now.floored(to: fleet.grid)
        return try WindowGrid(
            from: last - TimeSpan(milliseconds: step * (count - 1)),
            to: last + TimeSpan(milliseconds: step),
            step: TimeSpan(milliseconds: step)
        )
    }

    /// A single resource that is silent for longer than this is `missing`.
    private var lookBack: TimeSpan { max(.hours(1), TimeSpan(milliseconds: 10 &* fleet.grid.milliseconds)) }

    private func status(
        _ query: SeriesQuery,
        _ last: LastHeard,
        _ values: [Double],
        on grid: WindowGrid,
        at now: Timestamp,
        groups: [ResourceGroup]
    ) -> SeriesAnswer.Status {
        var (heard, valued) = (last.heard, last.valued)
        if query.resource != nil {
            // However much more was asked for.
            let steps = max(1, lookBack.milliseconds / max(1, fleet.grid.milliseconds))
            let place = values.indices.suffix(Int(clamping: steps)).last { !values[$0].isNaN }
            valued = place.map { grid.start + TimeSpan(milliseconds: fleet.grid.milliseconds * Int64($0 + 1)) }
            heard = valued
        }
        if let valued, now - valued <= patience, !last.hasEnded { return .ok }
        let reporting = groups.contains { group in
            group.state == .ready && query.persona.map { $0 == group.persona } ?? true
        }
        if !reporting, isReportedByResources(query.kpi) { return .idle }
        guard let heard else { return .missing }
        if last.hasEnded { return .sourceDown }
        guard now - heard <= patience else { return .stale }
        // It reports, but nothing that is a number: with nothing to do, that is what it should say.
        return !query.isDemand && isQuiet(at: now) ? .idle : .nan
    }

    private func isReportedByResources(_ kpi: String) -> Bool {
        fleet.kpis.first { $0.kpi == kpi }.map { !$0.resourceLabel.isEmpty } ?? true
    }

    /// The demand is known, and there is none.
    private func isQuiet(at now: Timestamp) -> Bool {
        guard let grid = try? grid(of: patience, before: now), let demand = try? demand(on: grid) else { return false }
        return demand.last { !$0.isNaN } == 0
    }

    // MARK: News

    /// What was last heard of these KPIs; it differs whenever something new has come of one of them.
    func news(of kpis: [String]) -> [News] {
        kpis.map { kpi in
            let last = readings.lastHeard(fleet: fleet.name, kpi: kpi, persona: nil)
            return News(kpi: kpi, heard: last?.heard, count: last?.news ?? 0)
        }
    }

    struct News: Hashable, Sendable {
        var kpi: String
        var heard: Timestamp?
        var count: Int
    }
}

extension RollupAggregate {
    /// `mean`, `sum`, `max`, `min`, `p50` … `p99.9`.
    init?(named name: String) {
        switch name {
        case "mean": self = .mean
        case "sum": self = .sum
        case "max": self = .max
        case "min": self = .min
        default:
            guard name.hasPrefix("p"), let percent = Double(name.dropFirst()), (0...100).contains(percent) else {
                return nil
            }
            self = .quantile(percent / 100)
        }
    }
}

extension Timestamp {
    /// The beginning of the step that it lies in; steps begin at their multiples since 1970.
    func floored(to step: TimeSpan) -> Timestamp {
        let step = max(1, step.milliseconds)
        let rest = milliseconds % step
        return Timestamp(milliseconds: milliseconds - (rest < 0 ? rest + step : rest))
    }
}

extension TimeSpan {
    static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan { TimeSpan(milliseconds: a.milliseconds &+ b.milliseconds) }
}
