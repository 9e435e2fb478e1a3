package import Domain
package import KPIStore

/// Takes readings that come from within: those of simulated fleets.
package protocol ReadingSink: Sendable {
    /// Stores them, durably, and lets the loop know. Blocks.
    func take(_ readings: [FleetReading]) throws(KPIStoreError)
}

/// One reading of one series, and the fleet that it speaks of.
package struct FleetReading: Sendable {
    package var fleet: String
    package var key: SeriesKey
    package var sample: Sample

    package init(fleet: String, key: SeriesKey, sample: Sample) {
        self.fleet = fleet
        self.key = key
        self.sample = sample
    }
}

/// The way that readings take in a server, without the network: store, rollups, loop.
package struct StoreSink: ReadingSink {
    private let store: any KPIWriting
    private let roll: @Sendable (SampleBatch) -> Void
    private let arrived: @Sendable (Set<String>, Timestamp) -> Void

    /// - Parameters:
    ///   - roll: takes over what was stored, as `RollupEngine.ingest` does.
    ///   - arrived: is told whose readings came, as `ControlPlane.noteArrival` wants to be.
    package init(
        store: any KPIWriting,
        roll: @escaping @Sendable (SampleBatch) -> Void,
        arrived: @escaping @Sendable (Set<String>, Timestamp) -> Void
    ) {
        self.store = store
        self.roll = roll
        self.arrived = arrived
    }

    package func take(_ readings: [FleetReading]) throws(KPIStoreError) {
        guard let newest = readings.lazy.map(\.sample.at).max() else { return }
        let ids = try store.intern(readings.map(\.key))
        var batch = SampleBatch()
        batch.reserveCapacity(readings.count)
        for (id, reading) in zip(ids, readings) { batch.append(id, at: reading.sample.at, value: reading.sample.value) }
        try store.append(batch)
        roll(batch)
        arrived(Set(readings.map(\.fleet)), newest)
    }
}
