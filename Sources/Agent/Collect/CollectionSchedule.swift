/// When a resource is sampled: at a fixed phase of each interval.
///
/// The phase comes from the resource's name, so that a thousand agents with one interval do not send at one moment, while the times of one
/// resource stay evenly spaced, also across restarts.
package struct CollectionSchedule: Hashable, Sendable {
    package let intervalMs: Int64
    private let phaseMs: Int64

    package init(resource: String, intervalSeconds: Int) {
        intervalMs = Int64(max(1, intervalSeconds)) * 1000
        // FNV-1a.
        let hash = resource.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        phaseMs = Int64(hash % UInt64(intervalMs))
    }

    /// The first moment behind `wallMs`.
    package func next(after wallMs: Int64) -> Int64 {
        let since = wallMs - phaseMs
        let intervals = since >= 0 ? since / intervalMs : -((intervalMs - 1 - since) / intervalMs)
        return (intervals + 1) * intervalMs + phaseMs
    }
}
