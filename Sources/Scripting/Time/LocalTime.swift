/// What calendar and clock on the wall show, to the second.
package struct LocalTime: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    /// Days since 1970-01-01.
    private var dayNumber: Int64

    /// `2026-12-24`, `2026-12-24 18:00`, `2026-12-24T18:00:30`; nil for anything else, dates that do not exist included.
    package init?(_ text: String) {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        guard halves.count <= 2, let date = halves.first, let parts = Self.numbers(date, "-", widths: [4, 2, 2]) else { return nil }
        var clock = [0, 0, 0]
        if halves.count == 2 {
            guard let read = Self.numbers(halves[1], ":", widths: [2, 2]) ?? Self.numbers(halves[1], ":", widths: [2, 2, 2]) else {
                return nil
            }
            clock = read.count == 2 ? read + [0] : read
        }
        guard (1970...9999).contains(parts[0]), (1...12).contains(parts[1]), (1...31).contains(parts[2]),
            clock[0] < 24, clock[1] < 60, clock[2] < 60
        else { return nil }
        let number = Self.dayNumber(year: parts[0], month: parts[1], day: parts[2])
        self.init(millisecondsAsUTC: ((number * 24 + Int64(clock[0])) * 60 + Int64(clock[1])) * 60_000 + Int64(clock[2]) * 1000)
        // The 31st of a short month has become a day of the next.
        guard month == parts[1], day == parts[2] else { return nil }
    }

    /// The wall clock, read as if it were UTC.
    package init(millisecondsAsUTC: Int64) {
        let seconds = Self.floorDivide(millisecondsAsUTC, 1000)
        dayNumber = Self.floorDivide(seconds, 86_400)
        let secondOfDay = Int(seconds - dayNumber * 86_400)
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        // Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
        let shifted = dayNumber + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    package var millisecondsAsUTC: Int64 {
        ((dayNumber * 24 + Int64(hour)) * 60 + Int64(minute)) * 60_000 + Int64(second) * 1000
    }

    /// `monday` … `sunday`.
    package var weekday: String {
        let names = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"]
        return names[Int(dayNumber - Self.floorDivide(dayNumber, 7) * 7)]
    }

    /// `2026-12-24`.
    package var date: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// days_from_civil of the same source.
    private static func dayNumber(year: Int, month: Int, day: Int) -> Int64 {
        let y = Int64(month <= 2 ? year - 1 : year)
        let era = floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static func numbers(_ text: Substring, _ separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == widths.count else { return nil }
        var numbers: [Int] = []
        for (part, width) in zip(parts, widths) {
            guard part.utf8.count == width, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part) else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }
}
