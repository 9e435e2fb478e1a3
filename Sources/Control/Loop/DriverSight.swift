import Domain
import Drivers

/// What a fleet's evaluations know of its driver.
struct DriverSight: Sendable {
    /// When it last said what is there.
    var lastLook: Timestamp?
    /// Why the last look failed; nil where it did not.
    var error: String?
    /// The operator has not granted what it needs.
    var waitsForGrant = false
    var failed: Timestamp?
    /// When it is looked at again after that.
    var retry: Timestamp?

    mutating func looked(at now: Timestamp) {
        (lastLook, error, retry, waitsForGrant) = (now, nil, nil, false)
    }

    mutating func failed(_ error: DriverError, at now: Timestamp, retry: Timestamp) {
        (self.error, failed, self.retry) = (error.message, now, retry)
        waitsForGrant = error.kind == .notGranted
    }

    /// Beside what its own calls have counted, where somebody counts; and for how long it has been silent, where that is too long.
    func status(
        of driver: String,
        _ health: DriverHealth?,
        silentFor silence: TimeSpan?,
        at now: Timestamp
    ) -> DriverStatus {
        var status = DriverStatus(
            driver: driver,
            lastLook: lastLook,
            lastError: health?.lastError ?? error,
            lastFailure: health?.lastFailure ?? failed,
            calls: health?.calls,
            failures: health?.failures
        )
        (status.state, status.reason) = state(health, silentFor: silence, at: now)
        switch status.state {
        case .failing: status.nextTry = retry
        case .leftAlone: status.nextTry = [health?.openUntil, retry].compactMap(\.self).max()
        case .ok, .notCalled, .hanging, .quarantined: break
        }
        return status
    }

    private func state(
        _ health: DriverHealth?,
        silentFor silence: TimeSpan?,
        at now: Timestamp
    ) -> (DriverStatus.State, String?) {
        if let reason = health?.quarantined { return (.quarantined, reason) }
        if let silence {
            return (.hanging, "It has not answered for \(Int(min(silence.seconds.rounded(), 1e9))) s.")
        }
        if let until = health?.openUntil, until > now { return (.leftAlone, health?.lastError ?? error) }
        if let error { return (.failing, error) }
        if let health, health.isFailing { return (.failing, health.lastError) }
        return (lastLook == nil ? .notCalled : .ok, nil)
    }
}

extension DriverHealth {
    /// Until when it is left alone.
    var openUntil: Timestamp? {
        if case .open(let until) = breaker { until } else { nil }
    }
}
