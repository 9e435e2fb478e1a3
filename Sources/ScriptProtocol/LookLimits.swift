/// What one run of a policy may look at of the world. What it looks at costs the host time and the worker memory, neither of which is the
/// script's own; host and worker both keep to these.
package enum LookLimits {
    /// Series in all.
    package static let series = 256
    /// Steps of one series; a policy that asks for more has slipped in a unit.
    package static let steps: Int64 = 100_000
    /// Quantiles of the forecast.
    package static let quantiles = 100
    /// Steps of all series and of all quantiles of the forecast together: 69 series of four weeks by the minute.
    package static let values: Int64 = 2_800_000
    /// What of it is sent along with a run that is likely to look at it again; the rest is answered when it asks.
    package static let valuesSentAlong = 500_000
    /// Bytes of the name of a KPI, a persona or a resource.
    package static let nameBytes = 253
    /// What the host spends on answering one run, beyond which it answers no more.
    package static let hostTime = Duration.seconds(2)
    /// Bytes of the transcript that are kept.
    package static let transcriptBytes = 64 << 10
}
