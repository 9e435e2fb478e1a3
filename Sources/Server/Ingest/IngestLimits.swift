package import Domain
package import RemoteWrite

/// How much the receiver takes.
package struct IngestLimits: Sendable {
    /// Of one body as it comes, compressed.
    package var bodyBytes: Int
    /// Of one request, decompressed.
    package var wire: WireLimits
    /// Of all requests that are being received and stored at one time, compressed and decompressed together.
    package var queueBytes: Int
    /// Series that may be created; what goes beyond is refused. Against senders that put ids and times into labels.
    package var series: Int
    /// How far ahead of the server's clock a sample may be.
    package var ahead: TimeSpan
    /// Requests that are decoded and stored at one time.
    package var threads: Int

    package init(
        bodyBytes: Int = 8 << 20,
        wire: WireLimits = WireLimits(),
        queueBytes: Int = 96 << 20,
        series: Int = 2_000_000,
        ahead: TimeSpan = .hours(24),
        threads: Int = 4
    ) {
        self.bodyBytes = bodyBytes
        self.wire = wire
        self.queueBytes = queueBytes
        self.series = series
        self.ahead = ahead
        self.threads = threads
    }
}
