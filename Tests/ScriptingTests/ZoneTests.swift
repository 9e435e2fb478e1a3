import Domain
import ScriptProtocol
import Testing

@testable import Scripting

struct ZoneTests {
    private func local(_ text: String) throws -> LocalTime { try #require(LocalTime(text)) }

    @Test func onlyWholeNamesAreZones() {
        #expect(Zone("Europe/Berlin") != nil)
        #expect(Zone("UTC") != nil)
        #expect(Zone("Europe/Berln") == nil)
        #expect(Zone("CET") == nil)
        #expect(Zone("") == nil)
        #expect(Zone("../../etc/passwd") == nil)
    }

    @Test(arguments: [
        ("2026-01-15 12:00", "2026-01-15T11:00:00Z"),
        ("2026-07-15 12:00", "2026-07-15T10:00:00Z"),
        ("2026-12-24", "2026-12-23T23:00:00Z"),
        // Clocks go forward from 02:00 to 03:00: half past two does not exist.
        ("2026-03-29 01:59", "2026-03-29T00:59:00Z"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
        ("2026-03-29 03:00", "2026-03-29T01:00:00Z"),
        // And back from 03:00 to 02:00: half past two comes twice, the first is meant.
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25 03:00", "2026-10-25T02:00:00Z"),
    ])
    func wallClocksAreInstants(text: String, instant: String) throws {
        let zone = try #require(Zone("Europe/Berlin"))
        #expect(zone.instant(of: try local(text)).description == instant)
    }

    @Test func aFleetsClockChangesWithItsZone() throws {
        let clock = FleetClock(zone: try #require(Zone("Europe/Berlin")))
        // Out of order, over both changes of the year.
        for (instant, hour, weekday, date) in [
            ("2026-03-29T00:59:59Z", 1, "sunday", "2026-03-29"), ("2026-03-29T01:00:00Z", 3, "sunday", "2026-03-29"),
            ("2026-10-25T00:59:00Z", 2, "sunday", "2026-10-25"), ("2026-10-25T01:00:00Z", 2, "sunday", "2026-10-25"),
            ("2026-03-28T23:30:00Z", 0, "sunday", "2026-03-29"), ("2026-12-31T23:00:00Z", 0, "friday", "2027-01-01"),
        ] {
            let table = clock.table(at: try Timestamp(iso8601: instant))
            #expect(table["hour"] == .integer(Int64(hour)), "\(instant)")
            #expect(table["weekday"] == .string(weekday), "\(instant)")
            #expect(table["date"] == .string(date), "\(instant)")
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01 24:00", "2026-01-01 12:60", "24.12.2026", "",
        "2026-01-01 1:00",
    ])
    func noDatesAreNoDates(text: String) {
        #expect(LocalTime(text) == nil)
    }

    @Test func extremesDoNotTrap() {
        for milliseconds in [Int64.min, -1, 0, Int64.max] {
            _ = LocalTime(millisecondsAsUTC: milliseconds).dateText
        }
        #expect(LocalTime(millisecondsAsUTC: -1).dateText == "1969-12-31")
        #expect(LocalTime(millisecondsAsUTC: -1).weekday == "wednesday")
    }
}
