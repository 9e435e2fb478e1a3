import Synchronization

extension KPIStore {
    /// Series that there are now.
    ///
    /// From memory; O(1).
    package var seriesCount: Int { memory.withLock { $0.catalog.count } }

    /// How many of `keys` are not there yet, each counted as often as it occurs.
    package func newCount(among keys: [SeriesKey]) -> Int {
        memory.withLock { memory in keys.count { memory.catalog.slot(of: $0) == nil } }
    }
}
