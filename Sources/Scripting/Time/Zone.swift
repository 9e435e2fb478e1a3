package import Domain
import Foundation

/// A time zone by its IANA name, and the wall clock in it.
package struct Zone: Hashable, Sendable {
    package let identifier: String
    private let zone: TimeZone

    package static let utc = Zone(identifier: "UTC", zone: TimeZone(secondsFromGMT: 0) ?? .current)

    /// Nil where there is no such zone.
    ///
    /// Abbreviations (`CET`, `PST`) are not taken: they are ambiguous, or know no summer time.
    package init?(_ identifier: String) {
        if identifier == "UTC" {
            self = .utc
            return
        }
        guard identifier.contains("/"), Self.known.contains(identifier), let zone = TimeZone(identifier: identifier)
        else {
            return nil
        }
        self.init(identifier: identifier, zone: zone)
    }

    private init(identifier: String, zone: TimeZone) {
        self.identifier = identifier
        self.zone = zone
    }

    package static let known: [String] = (["UTC"] + TimeZone.knownTimeZoneIdentifiers).sorted()

    /// Wall clock minus UTC at an instant.
    package func offset(at time: Timestamp) -> TimeSpan {
        .seconds(Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000))))
    }

    /// When the offset next changes after an instant; nil where it never does.
    func nextChange(after time: Timestamp) -> Timestamp? {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
        return zone.nextDaylightSavingTimeTransition(after: date)
            .flatMap {
                Int64(exactly: ($0.timeIntervalSince1970 * 1000).rounded()).map(Timestamp.init(milliseconds:))
            }
    }

    /// The instant at which the wall clock shows `local`: the first of two in autumn; in the gap of spring, the instant that clocks
    /// which were not put forward would show.
    package func instant(of local: LocalTime) -> Timestamp {
        let asUTC = Timestamp(milliseconds: local.millisecondsAsUTC)
        let before = offset(at: asUTC - .days(1))
        let early = asUTC - before
        if offset(at: early) == before { return early }
        let late = asUTC - offset(at: early)
        return offset(at: late) == offset(at: early) ? late : early
    }

    package func local(at time: Timestamp) -> LocalTime {
        LocalTime(millisecondsAsUTC: time.milliseconds &+ offset(at: time).milliseconds)
    }
}
