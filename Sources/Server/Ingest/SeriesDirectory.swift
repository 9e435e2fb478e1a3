import Domain
import KPIStore
import RemoteWrite
import Synchronization

/// Knows the series of requests by their raw label bytes, and the fleets that each series speaks of.
///
/// A series that is known costs a hash and a comparison; its fleets are worked out once, and anew when the workspace changes.
final class SeriesDirectory: Sendable {
    private struct State {
        var routing: FleetRouting
        /// Each set of fleets once; the first is empty.
        var sets: [[String]] = [[]]
        var numbers: [[String]: Int] = [[]: 0]
        var setOfSeries: [SeriesID: Int] = [:]
    }

    private let store: KPIStore
    private let cache: SeriesCache
    private let state: Mutex<State>
    private let maximumSeries: Int

    init(_ store: KPIStore, routing: FleetRouting, maximumSeries: Int) {
        self.store = store
        cache = SeriesCache(of: store)
        state = Mutex(State(routing: routing))
        self.maximumSeries = maximumSeries
    }

    /// Series whose fleets are known.
    var count: Int { state.withLock { $0.setOfSeries.count } }

    /// Forgets which fleets series speak of, where the workspace is another one.
    func follow(_ routing: FleetRouting) {
        state.withLock { state in
            guard state.routing.version != routing.version else { return }
            state = State(routing: routing)
        }
    }

    var version: Int64 { state.withLock { $0.routing.version } }

    /// Handles of the series of a request, in its order; those that are new are durably created. Blocks.
    ///
    /// - Throws: `WireError`, `KPIStoreError`, or a problem where there are too many series.
    func series(of blocks: [LabelBlock]) throws -> [SeriesID] {
        // Before anything is looked up: what a pruning forgets meanwhile is not put into the cache.
        let stamp = cache.stamp
        let found = blocks.map { cache.find($0.bytes) }
        let unknown = found.indices.filter { found[$0] == nil }
        guard !unknown.isEmpty else { return found.compactMap(\.self) }
        let keys = try unknown.map { try Self.key(blocks[$0]) }
        let new = try intern(keys)
        for (position, id) in zip(unknown, new) { cache.insert(blocks[position].bytes, id, asOf: stamp) }
        note(keys, new)
        var rest = new.makeIterator()
        return found.compactMap { $0 ?? rest.next() }
    }

    /// Series of an import, by key. Blocks.
    func series(of keys: [SeriesKey]) throws -> [SeriesID] {
        let ids = try intern(keys)
        note(keys, ids)
        return ids
    }

    private func intern(_ keys: [SeriesKey]) throws -> [SeriesID] {
        // What is there stays welcome, however full the store is.
        guard store.seriesCount + keys.count <= maximumSeries || fits(keys) else {
            throw Problem(
                .badRequest,
                "The server keeps \(maximumSeries) series at most, and these would be more. Labels that never repeat "
                    + "(ids, times) do not belong into series."
            )
        }
        return try store.intern(keys)
    }

    private func fits(_ keys: [SeriesKey]) -> Bool {
        let new = store.newCount(among: keys)
        return new == 0 || store.seriesCount + new <= maximumSeries
    }

    private func note(_ keys: [SeriesKey], _ ids: [SeriesID]) {
        let kept = store.seriesCount
        state.withLock { state in
            // Series that were pruned are never asked for again: now and then all is worked out anew.
            if state.setOfSeries.count > 2 * kept + 10_000 { state = State(routing: state.routing) }
            for (key, id) in zip(keys, ids) where state.setOfSeries[id] == nil {
                let fleets = state.routing.fleets(of: key)
                if let number = state.numbers[fleets] {
                    state.setOfSeries[id] = number
                } else {
                    state.setOfSeries[id] = state.sets.count
                    state.numbers[fleets] = state.sets.count
                    state.sets.append(fleets)
                }
            }
        }
    }

    /// The fleets that these series speak of.
    ///
    /// After a change of the workspace series are known by their bytes only: then `keys` is asked for those at these positions.
    func fleets(of ids: [SeriesID], keys: (Int) throws -> SeriesKey) rethrows -> Set<String> {
        var (fleets, missing) = known(ids)
        guard !missing.isEmpty else { return fleets }
        let others = missing.map { ids[$0] }
        note(try missing.map(keys), others)
        fleets.formUnion(known(others).fleets)
        return fleets
    }

    /// The fleets of those series whose fleets are known, and the positions of the others.
    private func known(_ ids: [SeriesID]) -> (fleets: Set<String>, missing: [Int]) {
        state.withLock { state in
            var seen: Set<Int> = []
            var missing: [Int] = []
            var last = -1
            for (index, id) in ids.enumerated() {
                guard let number = state.setOfSeries[id] else {
                    missing.append(index)
                    continue
                }
                // Neighbours mostly speak of the same fleet.
                if number != last { seen.insert(number) }
                last = number
            }
            return (seen.reduce(into: []) { $0.formUnion(state.sets[$1]) }, missing)
        }
    }

    static func key(_ block: LabelBlock) throws -> SeriesKey {
        var name: String?
        var labels: [Setting] = []
        for label in try block.decoded() {
            if label.name == "__name__" {
                name = label.value
            } else {
                labels.append(Setting(name: label.name, value: label.value))
            }
        }
        guard let name else {
            let shown = labels.prefix(5).map { "\($0.name)=\"\($0.value.prefix(60))\"" }.joined(separator: ", ")
            throw Problem(.badRequest, "A series has no label __name__: {\(shown)}. Nothing of the request was stored.")
        }
        for text in [name] + labels.map(\.name) {
            // Whoever asks for it later names it so.
            if let finding = TextForm.name.finding(text, at: "name") {
                throw Problem(
                    .badRequest,
                    "The name of a KPI or label cannot be used. Nothing of the request was stored.",
                    findings: [finding]
                )
            }
        }
        return SeriesKey(name, labels: labels)
    }
}
