package import Domain

/// Reads time series.
///
/// Calls block: make them off the cooperative pool.
///
/// A read sees every batch whose `append` returned before the read began. Readings older than the retention horizon
/// (`KPIWriting.prune`) are never seen.
package protocol KPIReading: Sendable {
    /// The series that `selector` means, sorted by key. A series is listed from the moment it was interned.
    func series(matching selector: SeriesSelector) throws(KPIStoreError) -> [SeriesKey]

    /// The readings with `from ≤ time < to`; empty where the series is not known.
    func samples(of key: SeriesKey, from: Timestamp, to: Timestamp) throws(KPIStoreError) -> Samples

    /// The readings on a regular grid: element k summarises `grid.start + k·step ≤ time < grid.start + (k + 1)·step`.
    ///
    /// A step without a value is NaN (`Aggregation.count` says 0 instead). All NaN where the series is not known.
    func window(of key: SeriesKey, on grid: WindowGrid, _ aggregation: Aggregation) throws(KPIStoreError) -> [Double]

    /// The last reading with `time ≤ limit`, be its value NaN; nil where there is none.
    func latest(of key: SeriesKey, atOrBefore limit: Timestamp) throws(KPIStoreError) -> Sample?
}
