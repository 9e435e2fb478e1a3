package import Domain

/// Keeps a driver that fails from being called again and again.
///
///     closed ──failures──▶ open ──pause over──▶ half open ──success──▶ closed
///                            ▲                      │
///                            └───── failure: a longer pause ◀──┘
///
/// A value without a clock: whoever asks says what time it is.
package struct Breaker: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case closed
        /// No call is made before.
        case open(until: Timestamp)
        /// The next call shows.
        case halfOpen
    }

    package struct Rules: Hashable, Sendable {
        /// Failures in a row that open it.
        package var failures = 3
        package var firstPause = TimeSpan.seconds(15)
        package var longestPause = TimeSpan.minutes(5)

        package init() {}
    }

    package private(set) var state = State.closed
    package private(set) var failures = 0
    private var openings = 0
    private let rules: Rules

    package init(rules: Rules = Rules()) { self.rules = rules }

    /// Whether a call may be made now.
    package mutating func admits(at now: Timestamp) -> Bool {
        guard case .open(let until) = state else { return true }
        guard now >= until else { return false }
        state = .halfOpen
        return true
    }

    package mutating func succeeded() {
        state = .closed
        failures = 0
        openings = 0
    }

    package mutating func failed(at now: Timestamp) {
        failures += 1
        guard state == .halfOpen || failures >= rules.failures else { return }
        let pause = min(rules.longestPause.milliseconds, rules.firstPause.milliseconds << Int64(min(openings, 20)))
        openings += 1
        state = .open(until: now + TimeSpan(milliseconds: pause))
    }
}
