package import Domain

/// How a driver has fared with a fleet.
package struct DriverHealth: Hashable, Sendable {
    package var calls = 0
    package var failures = 0
    package var failuresByKind: [DriverError.Kind: Int] = [:]
    package var breaker = Breaker.State.closed
    /// Why it is not called any more; nil where it is.
    package var quarantined: String?
    /// What went wrong last, be it well again since.
    package var lastError: String?
    package var lastFailure: Timestamp?
    /// The last call went wrong.
    package var isFailing = false
    /// What a call takes; at most a fifth too high.
    package var medianMicroseconds = 0.0
    package var p99Microseconds = 0.0

    package init() {}

    /// It is kept from being called, for good or for a while.
    package var isHeld: Bool { quarantined != nil || breaker != .closed }
}
