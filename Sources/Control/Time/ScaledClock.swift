package import Domain

/// A time that runs at a multiple of the real one, from any instant on.
///
///     ScaledClock(speed: 600, from: monday)  // ten minutes a second
package final class ScaledClock: LoopClock {
    package let speed: Double
    private let origin: Timestamp
    private let start: ContinuousClock.Instant

    /// A speed that is no positive number reads as 1.
    package init(speed: Double, from origin: Timestamp) {
        self.speed = speed.isFinite && speed > 0 ? speed : 1
        self.origin = origin
        start = ContinuousClock.now
    }

    package var now: Timestamp {
        let elapsed = (ContinuousClock.now - start).components
        let milliseconds = Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds) * 1e-15
        return origin + TimeSpan(milliseconds: Int64(min(milliseconds * speed, 1e15)))
    }

    package func sleep(until time: Timestamp) async throws {
        while true {
            let left = (time - now).milliseconds
            guard left > 0 else { return try Task.checkCancellation() }
            // Bounded, so that the end of time is not more than can be counted.
            let real = min(Double(left) / speed, 3_600_000)
            try await Task.sleep(for: .microseconds(Int64((real * 1000).rounded(.up))))
        }
    }
}
