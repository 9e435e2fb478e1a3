package import Domain
package import KPIStore
import Synchronization

/// Readings straight from the series, for stores without rollups: exact, and as slow as a fleet has resources.
///
/// It answers as the rollups do: rates of counters per series, a step's sum as that of the series' means, the persona of a sample's time.
package final class RawReadings: FleetReadings {
    private struct Name: Hashable {
        var fleet: String
        var kpi: String
    }

    private let store: any KPIReading
    private let personaOf: PersonaSpan.Source
    private let definitions = Mutex<[Name: RollupDefinition]>([:])

    package init(_ store: any KPIReading, personaOf: @escaping PersonaSpan.Source) {
        self.store = store
        self.personaOf = personaOf
    }

    package func configure(_ definitions: [RollupDefinition], at now: Timestamp) throws(KPIStoreError) {
        let named = Dictionary(definitions.map { (Name(fleet: $0.fleet, kpi: $0.kpi), $0) }) { _, later in later }
        self.definitions.withLock { $0 = named }
    }

    package func personaChanged(
        fleet: String,
        resource: String,
        from: Timestamp,
        until: Timestamp
    ) throws(KPIStoreError) {
        // Nothing is kept that could be wrong now.
    }

    package func recall(fleet: String, kpi: String, from: Timestamp, until: Timestamp) throws(KPIStoreError) {
        // What is stored counts.
    }

    package func lastHeard(fleet: String, kpi: String, persona: String?) -> LastHeard? {
        guard let definition = definition(fleet, kpi) else { return nil }
        var last = LastHeard(hasEnded: true)
        for key in (try? keys(of: definition)) ?? [] {
            guard let sample = try? store.latest(of: key, atOrBefore: Timestamp(milliseconds: .max)) else { continue }
            if let persona, self.persona(of: key, definition, at: sample.at) != persona { continue }
            last.heard = max(last.heard ?? sample.at, sample.at)
            if !sample.value.isNaN { last.valued = max(last.valued ?? sample.at, sample.at) }
            if !sample.isStale { last.hasEnded = false }
            last.news = last.news &* 31 &+ Int(truncatingIfNeeded: sample.at.milliseconds)
        }
        if last.heard == nil { last.hasEnded = false }
        return last
    }

    package func window(
        fleet: String,
        kpi: String,
        persona: String?,
        resource: String?,
        _ aggregate: RollupAggregate,
        on grid: WindowGrid
    ) throws(KPIStoreError) -> [Double] {
        guard let definition = definition(fleet, kpi) else {
            throw KPIStoreError(
                .invalid,
                "fleet \(fleet) has no KPI \(kpi)",
                at: "window",
                advice: "Name the KPI in the fleet's definition, as its demand, or in a persona that it plays."
            )
        }
        var steps = [[Double]](repeating: [], count: grid.count)
        for key in try keys(of: definition) {
            if let resource, key.label(definition.resourceLabel) != resource { continue }
            var own = [[Double]](repeating: [], count: grid.count)
            for (time, value) in try readings(of: key, definition, on: grid) where !value.isNaN {
                let at = Timestamp(milliseconds: time)
                if let persona, self.persona(of: key, definition, at: at) != persona { continue }
                own[Int((time - grid.start.milliseconds) / grid.step.milliseconds)].append(value)
            }
            for (index, values) in own.enumerated() where !values.isEmpty {
                steps[index] += aggregate == .sum ? [values.reduce(0, +) / Double(values.count)] : values
            }
        }
        return steps.map { aggregate.value(of: $0) }
    }

    private func definition(_ fleet: String, _ kpi: String) -> RollupDefinition? {
        definitions.withLock { $0[Name(fleet: fleet, kpi: kpi)] }
    }

    private func keys(of definition: RollupDefinition) throws(KPIStoreError) -> [SeriesKey] {
        try store.series(matching: SeriesSelector(name: definition.metric, matchers: definition.matchers))
    }

    private func persona(of key: SeriesKey, _ definition: RollupDefinition, at time: Timestamp) -> String? {
        guard !definition.resourceLabel.isEmpty, let resource = key.label(definition.resourceLabel) else { return nil }
        return personaOf(definition.fleet, resource, time).persona
    }

    /// Within the grid; of a counter the rate since the reading before, where that is not long ago, from zero where it began anew.
    private func readings(
        of key: SeriesKey,
        _ definition: RollupDefinition,
        on grid: WindowGrid
    ) throws(KPIStoreError) -> [(Int64, Double)] {
        let lookBack = TimeSpan(milliseconds: definition.isCounter ? Self.longestSilence : 0)
        let samples = try store.samples(of: key, from: grid.start - lookBack, to: grid.end)
        guard definition.isCounter else { return Array(zip(samples.times, samples.values)) }
        var rates: [(Int64, Double)] = []
        var before: Sample?
        for index in 0..<samples.count {
            let sample = samples[index]
            defer { before = sample.value.isNaN ? before : sample }
            guard let before, !sample.value.isNaN, sample.at >= grid.start else { continue }
            let span = (sample.at - before.at).milliseconds
            guard span <= Self.longestSilence else { continue }
            let grown = sample.value >= before.value ? sample.value - before.value : sample.value
            rates.append((sample.at.milliseconds, grown / (Double(span) / 1000)))
        }
        return rates
    }

    /// As in Prometheus, whose look-back it is.
    private static let longestSilence: Int64 = 300_000
}

extension RollupAggregate {
    /// Of the readings of one step, those of all series together; of `sum`, of one number per series.
    fileprivate func value(of values: [Double]) -> Double {
        if self == .count { return Double(values.count) }
        guard let first = values.first else { return .nan }
        switch self {
        case .mean: return values.reduce(0, +) / Double(values.count)
        case .sum: return values.reduce(0, +)
        case .min: return values.reduce(first) { Swift.min($0, $1) }
        case .max: return values.reduce(first) { Swift.max($0, $1) }
        case .count: return Double(values.count)
        case .quantile(let q):
            let sorted = values.sorted()
            return sorted[Int((Swift.min(Swift.max(q, 0), 1) * Double(sorted.count - 1)).rounded(.down))]
        }
    }
}
