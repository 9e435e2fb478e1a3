package import KPIStore

/// Is told of readings that have been stored: the rollups, so that the loop need not read raw series.
package protocol ArrivalSink: Sendable {
    /// Readings that are durable. May block; called on the receiver's threads, before the sender gets its answer.
    func ingest(_ batch: SampleBatch)
}

/// For servers without rollups.
package struct NoArrivalSink: ArrivalSink {
    package init() {}

    package func ingest(_ batch: SampleBatch) {}
}
