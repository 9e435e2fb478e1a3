/// The last reading of a counter and when it was taken.
struct RateTrack {
    private var last: (count: Double, monotonicMs: Int64)?

    /// What the counter gained since the last reading, per second. Nil for the first one.
    ///
    /// A counter that fell was started anew: what it shows now is what it gained since, as in Prometheus.
    mutating func perSecond(_ count: Double, at now: AgentInstant) -> Double? {
        defer { last = (count, now.monotonicMs) }
        guard let last, now.monotonicMs > last.monotonicMs else { return nil }
        let gained = count >= last.count ? count - last.count : count
        return gained * 1000 / Double(now.monotonicMs - last.monotonicMs)
    }
}
