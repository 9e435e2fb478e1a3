package import Domain
import Foundation
import Synchronization

/// The time of day. Where the system sets it back, it stands until it is caught up with.
package final class WallClock: LoopClock {
    private let latest = Mutex(Timestamp(milliseconds: .min))

    package init() {}

    package var now: Timestamp {
        let system = Self.timeOfDay
        return latest.withLock { latest in
            latest = max(latest, system)
            return latest
        }
    }

    /// What the system says.
    package static var timeOfDay: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    package func sleep(until time: Timestamp) async throws {
        while true {
            let left = (time - now).milliseconds
            guard left > 0 else { return try Task.checkCancellation() }
            // In parts, so that a clock that is set forward meanwhile is noticed.
            try await Task.sleep(for: .milliseconds(min(left, 10_000)))
        }
    }
}
