/// How much a store holds and what it costs.
package struct KPIStatistics: Equatable, Sendable {
    package var series = 0
    package var chunks = 0
    package var chunkSamples = 0
    /// Bytes of the chunks alone.
    package var chunkBytes = 0
    package var logBatches = 0
    package var logSamples = 0
    package var logBytes = 0
    /// Bytes of the database file and its write-ahead log, free pages and indexes included.
    package var fileBytes = 0

    package init() {}

    package var samples: Int { chunkSamples + logSamples }
    /// Bytes on disk per reading, everything included; NaN for an empty store.
    package var bytesPerSample: Double { samples == 0 ? .nan : Double(fileBytes) / Double(samples) }
}
