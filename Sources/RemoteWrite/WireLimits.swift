/// How much one remote-write request may carry. What passes a limit is refused whole, by `WireError.tooMuch`.
///
/// The defaults take what Prometheus sends (2,000 samples, label values up to a few hundred bytes) with a wide margin.
package struct WireLimits: Hashable, Sendable {
    /// Checked against the size that the body declares, before anything is allocated.
    package var decompressedBytes: Int
    package var series: Int
    package var samples: Int
    /// Of one series.
    package var labels: Int
    package var labelNameBytes: Int
    package var labelValueBytes: Int

    package init(
        decompressedBytes: Int = 32 << 20,
        series: Int = 100_000,
        samples: Int = 500_000,
        labels: Int = 64,
        labelNameBytes: Int = 256,
        labelValueBytes: Int = 2048
    ) {
        self.decompressedBytes = decompressedBytes
        self.series = series
        self.samples = samples
        self.labels = labels
        self.labelNameBytes = labelNameBytes
        self.labelValueBytes = labelValueBytes
    }
}
