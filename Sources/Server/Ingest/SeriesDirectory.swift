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

    /// A series of a request that the directory does not know.
    private struct Unknown {
        var position: Int
        var block: LabelBlock
        var key: SeriesKey
    }

    /// Handles of the series of a request, in its order; those that are new are durably created. Blocks.
    ///
    /// - Throws: `WireError`, `KPIStoreError`, or a problem where there are too many series.
    func series(of blocks: [LabelBlock]) throws -> [SeriesID] {
        let stamp = cache.stamp
        var ids: [SeriesID] = []
        ids.reserveCapacity(blocks.count)
        var unknown: [Unknown] = []
        for block in blocks {
            if let id = cache.find(block.bytes) {
                ids.append(id)
            } else {
                unknown.append(Unknown(position: ids.count, block: block, key: try Self.key(block)))
                // Overwritten below; a handle cannot be made up.
                if let any = ids.last { ids.append(any) } else { return try allUnknown(blocks, stamp) }
            }
        }
        guard !unknown.isEmpty else { return ids }
        let new = try intern(unknown.map(\.key))
        for (index, series) in unknown.enumerated() {
            ids[series.position] = new[index]
            cache.insert(series.block.bytes, new[index], asOf: stamp)
        }
        note(unknown.map(\.key), new)
        return ids
    }

    /// A request whose first series is unknown: mostly all of them are.
    private func allUnknown(_ blocks: [LabelBlock], _ stamp: SeriesCache.Stamp) throws -> [SeriesID] {
        let keys = try blocks.map(Self.key)
        let ids = try intern(keys)
        for (block, id) in zip(blocks, ids) { cache.insert(block.bytes, id, asOf: stamp) }
        note(keys, ids)
        return ids
    }

    /// Series of an import, by key. Blocks.
    func series(of keys: [SeriesKey]) throws -> [SeriesID] {
        let ids = try intern(keys)
        note(keys, ids)
        return ids
    }

    private func intern(_ keys: [SeriesKey]) throws -> [SeriesID] {
        // Some of them may be known to the store, so this refuses a little early, and never late.
        guard count + keys.count <= maximumSeries else {
            throw Problem(
                .badRequest,
                "The server keeps \(maximumSeries) series at most, and these would be more. Labels that never repeat "
                    + "(ids, times) do not belong into series."
            )
        }
        return try store.intern(keys)
    }

    private func note(_ keys: [SeriesKey], _ ids: [SeriesID]) {
        state.withLock { state in
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
    /// After a change of the workspace the series are known by their bytes only: their fleets are worked out when the whole store's
    /// series are looked at again.
    func fleets(of ids: [SeriesID], keys: (Int) throws -> SeriesKey) rethrows -> Set<String> {
        var seen: Set<Int> = []
        var missing: [Int] = []
        state.withLock { state in
            var last = -1
            for (index, id) in ids.enumerated() {
                guard let number = state.setOfSeries[id] else {
                    missing.append(index)
                    continue
                }
                // Neighbours mostly speak of the same fleet.
                if number != last {
                    seen.insert(number)
                    last = number
                }
            }
        }
        if !missing.isEmpty {
            note(try missing.map(keys), missing.map { ids[$0] })
            state.withLock { state in
                for index in missing { if let number = state.setOfSeries[ids[index]] { seen.insert(number) } }
            }
        }
        return state.withLock { state in
            seen.reduce(into: []) { fleets, number in
                if state.sets.indices.contains(number) { fleets.formUnion(state.sets[number]) }
            }
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
        return SeriesKey(name, labels: labels)
    }
}
