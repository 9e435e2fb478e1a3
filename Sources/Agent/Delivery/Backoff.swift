/// How long to wait before the next attempt: full jitter over a bound that doubles.
///
/// Drawn from nothing up to the bound, so that agents which lost one server at one moment do not come back to it at one moment (Brooker,
/// "Exponential backoff and jitter", 2015).
package struct Backoff: Sendable {
    private let firstMs: Int64
    private let mostMs: Int64
    private var generator: SeededGenerator
    private var failures = 0

    package init(firstMs: Int64 = 1000, mostMs: Int64 = 60_000, generator: SeededGenerator) {
        self.firstMs = firstMs
        self.mostMs = mostMs
        self.generator = generator
    }

    /// The pause after one more failure, at least as long as the server asked for.
    package mutating func next(atLeast leastMs: Int64 = 0) -> Int64 {
        let bound = min(mostMs, firstMs << Int64(min(failures, 20)))
        failures += 1
        return max(leastMs, Int64.random(in: 0...bound, using: &generator))
    }

    package mutating func reset() {
        failures = 0
    }
}
