package import Domain

/// Stores time series.
///
/// Calls block: make them off the cooperative pool.
package protocol KPIWriting: Sendable {
    /// Handles of the series, in the order of `keys`; those that are new are durably created.
    ///
    /// - Throws: `invalid` for a name or a label name that is empty.
    func intern(_ keys: [SeriesKey]) throws(KPIStoreError) -> [SeriesID]

    /// Stores a batch: all of it or, when it throws, nothing. Returning means it is durable.
    ///
    /// Readings may come in any order of time. Of several readings of a series at one instant the one that was written last holds:
    /// the later within a batch, the later `append` across batches.
    ///
    /// - Throws: `unknownSeries` when a series was pruned since it was interned.
    func append(_ batch: SampleBatch) throws(KPIStoreError)

    /// Moves what the log holds with `time ≤ limit` into compressed chunks per series. Never changes what a read returns.
    ///
    /// Reads and appends go on meanwhile.
    @discardableResult
    func compact(upTo limit: Timestamp) throws(KPIStoreError) -> CompactionReport

    /// Retention: forgets every reading with `time < horizon`, for good, also such as arrive later; then series that have none left.
    ///
    /// The horizon never moves back.
    @discardableResult
    func prune(before horizon: Timestamp) throws(KPIStoreError) -> PruneReport
}

/// What a compaction did.
package struct CompactionReport: Equatable, Sendable {
    /// Readings that left the log.
    package var samples = 0
    package var series = 0
    package var chunksWritten = 0
    package var chunksReplaced = 0
    /// Readings in the log that are younger than the limit.
    package var remaining = 0

    package init() {}
}

/// What a pruning did.
package struct PruneReport: Equatable, Sendable {
    package var chunks = 0
    package var series = 0

    package init() {}
}

extension KPIWriting {
    /// One reading, durably.
    ///
    /// For tests and rare writes: many small batches are slow.
    package func append(_ value: Double, to key: SeriesKey, at time: Timestamp) throws(KPIStoreError) {
        var batch = SampleBatch()
        for id in try intern([key]) { batch.append(id, at: time, value: value) }
        try append(batch)
    }

    /// Readings of one series, durably.
    package func append(_ samples: [Sample], to key: SeriesKey) throws(KPIStoreError) {
        var batch = SampleBatch()
        batch.reserveCapacity(samples.count)
        for id in try intern([key]) {
            for sample in samples { batch.append(id, at: sample.at, value: sample.value) }
        }
        try append(batch)
    }
}
