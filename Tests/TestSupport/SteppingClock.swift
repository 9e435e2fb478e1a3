package import Synchronization

/// A clock that moves only when someone sleeps, or moves it: each sleep runs `onSleep` and is over.
package final class SteppingClock: Clock, Sendable {
    package struct Instant: InstantProtocol {
        package var offset: Duration
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private let time = Mutex(Duration.zero)
    package let onSleep = Mutex<(@Sendable (Duration) -> Void)?>(nil)

    package init() {}

    package var now: Instant { Instant(offset: time.withLock { $0 }) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func advance(by duration: Duration) { time.withLock { $0 += duration } }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        time.withLock { $0 = max($0, deadline.offset) }
        onSleep.withLock { $0 }?(deadline.offset)
    }
}
