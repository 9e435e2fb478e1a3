import Domain
import ScriptProtocol
import Synchronization

/// `ctx.now`: the wall clock of a fleet's zone.
///
/// A zone's offset changes twice a year, and asking Foundation for it costs more than a whole policy run; so the offset is kept
/// until its next change.
final class FleetClock: Sendable {
    private let zone: Zone
    private let known = Mutex<Span?>(nil)

    /// An offset and the instants that it holds for.
    private struct Span {
        var from: Timestamp
        var until: Timestamp
        var offset: TimeSpan
    }

    init(zone: Zone) {
        self.zone = zone
    }

    func offset(at time: Timestamp) -> TimeSpan {
        known.withLock { known in
            if let span = known, span.from <= time, time < span.until { return span.offset }
            let offset = zone.offset(at: time)
            let until = zone.nextChange(after: time) ?? time + .days(366)
            known = Span(from: time, until: until, offset: offset)
            return offset
        }
    }

    /// `year month day hour minute second weekday date epoch epoch_ms utc_offset`.
    func table(at time: Timestamp) -> ScriptValue {
        let offset = offset(at: time)
        let local = LocalTime(millisecondsAsUTC: time.milliseconds &+ offset.milliseconds)
        let date = local.date
        return .table([
            .init("date", .string(local.dateText)),
            .init("day", .integer(Int64(date.day))),
            .init("epoch", .integer(time.milliseconds / 1000)),
            .init("epoch_ms", .integer(time.milliseconds)),
            .init("hour", .integer(Int64(local.hour))),
            .init("minute", .integer(Int64(local.minute))),
            .init("month", .integer(Int64(date.month))),
            .init("second", .integer(Int64(local.second))),
            .init("utc_offset_s", .integer(offset.milliseconds / 1000)),
            .init("weekday", .string(local.weekday)),
            .init("year", .integer(Int64(date.year))),
        ])
    }
}
