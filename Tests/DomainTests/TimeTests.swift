import Domain
import TestSupport
import Testing

/// Instants and spans: read, written, and never turned around.
struct TimeTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2026-03-02T12:00:00Z", 1_772_452_800_000), ("2026-03-02 12:00", 1_772_452_800_000),
        ("2026-03-02T13:00:00+01:00", 1_772_452_800_000), ("2026-03-02T06:30-0530", 1_772_452_800_000),
        ("2026-03-02T12:00:00.25Z", 1_772_452_800_250), ("2026-03-02T12:00:00.123456789Z", 1_772_452_800_123),
        ("2024-02-29", 1_709_164_800_000), ("1969-12-31T23:59:59.999Z", -1),
        ("2026-03-02T14:00:00+02", 1_772_452_800_000),
    ])
    func instantsAreReadAsISO8601HasThem(_ sample: (text: String, milliseconds: Int64)) throws {
        #expect(try Timestamp(iso8601: sample.text) == Timestamp(milliseconds: sample.milliseconds))
    }

    @Test(arguments: [
        "", "today", "2026-3-2", "2026-02-29", "2026-13-01", "2026-00-10", "2026-03-32", "2026-03-02T24:00:00Z",
        "2026-03-02T12:60Z", "2026-03-02T12:00:60Z", "2026-03-02T12:00:00.Z", "2026-03-02T12", "2026-03-02T12:00:00 Z",
        "2026-03-02T12:00:00+15:00", "2026-03-02T12:00:00Zx", "+2026-03-02", "1772452800",
    ])
    func whatIsNoInstantIsRefused(_ text: String) {
        let error = #expect(throws: QuantityError.self) { try Timestamp(iso8601: text) }
        #expect(error?.description.hasPrefix("found \"\(text)\"; expected a time such as") ?? false)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let time = Timestamp(
                milliseconds: Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            )
            #expect(try Timestamp(iso8601: time.description) == time)
        }
        #expect(Timestamp(milliseconds: 1_772_452_800_000).description == "2026-03-02T12:00:00Z")
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }

    @Test func sumsStopAtTheEndsOfTime() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last + .seconds(1) == last)
        #expect(first - TimeSpan.seconds(1) == first)
        #expect(first + TimeSpan(milliseconds: .min) == first)
        #expect(last - first == TimeSpan(milliseconds: .max))
        #expect(first - last == TimeSpan(milliseconds: .min))
        #expect(Timestamp(milliseconds: 0) - TimeSpan(milliseconds: .min) == last)
        #expect(last.description.count == 20 || last.description.count == 24)
        #expect(!first.description.isEmpty)
    }

    @Test(arguments: [
        (0, "0s"), (90_000, "90s"), (300_000, "5m"), (5_400_000, "90m"), (129_600_000, "36h"), (1_209_600_000, "14d"),
        (1500, "1500ms"),
        (-60_000, "-1m"),
    ])
    func spansAreWrittenInTheLargestUnitThatSaysThemWhole(_ sample: (milliseconds: Int64, text: String)) {
        #expect(TimeSpan(milliseconds: sample.milliseconds).description == sample.text)
    }

    @Test(arguments: [
        (250, "250 ms"), (1500, "1.5 s"), (90_000, "90 s"), (300_000, "5 min"), (5_400_000, "90 min"),
        (9_000_000, "2.5 h"),
        (259_200_000, "3 days"),
    ])
    func spansInProseAreRounded(_ sample: (milliseconds: Int64, text: String)) {
        #expect(TimeSpan(milliseconds: sample.milliseconds).inWords == sample.text)
        #expect(!TimeSpan(milliseconds: .min).inWords.isEmpty)
    }

    @Test func theCalendarIsRightOnEveryDayOfTenThousandYears() {
        var previous = CivilDate(daysSince1970: -719_528)
        var rises = true
        var roundTrips = true
        for days in stride(from: Int64(-719_528), through: 2_932_896, by: 13) {
            let date = CivilDate(daysSince1970: days)
            if date.daysSince1970 != days { roundTrips = false }
            if days > -719_528, !(previous < date) { rises = false }
            previous = date
        }
        #expect(rises && roundTrips)
        #expect(CivilDate(daysSince1970: 0).weekday == 3, "1970 began on a Thursday")
        #expect(CivilDate(daysSince1970: -4).weekday == 6)
        #expect(CivilDate(daysSince1970: .max) == CivilDate(year: 9999, month: 12, day: 31))
        #expect(CivilDate(daysSince1970: .min) == CivilDate(year: 0, month: 1, day: 1))
        #expect(CivilDate(year: 1900, month: 2, day: 29) == nil)
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
    }
}
