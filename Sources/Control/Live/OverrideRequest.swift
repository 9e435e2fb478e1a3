package import Domain
package import StateStore

/// What a person wants of a fleet for a while.
package struct OverrideRequest: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case pause(OperatorOverride.Pause)
        case scale(min: Int?, max: Int?)
    }

    /// Nil: every fleet.
    package var fleet: String?
    package var change: Change
    /// Nil: until it is ended.
    package var duration: TimeSpan?
    package var reason: String

    package init(fleet: String?, change: Change, duration: TimeSpan? = nil, reason: String = "") {
        self.fleet = fleet
        self.change = change
        self.duration = duration
        self.reason = reason
    }

    /// Until 9999: what is longer has no end that a calendar knows.
    static let longest = TimeSpan.days(36_500)
}

extension StoredOverride {
    /// `paused by ada until …`, `all fleets: paused by ada`.
    package var inWords: String { (fleet == nil ? "all fleets: " : "") + word.inWords }
}
