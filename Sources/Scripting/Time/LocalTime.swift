package import Domain

/// What calendar and clock on the wall show, to the second.
package struct LocalTime: Hashable, Sendable {
    /// Days since 1970-01-01.
    private let dayNumber: Int64
    private let secondOfDay: Int

    package var date: CivilDate { CivilDate(daysSince1970: dayNumber) }
    package var hour: Int { secondOfDay / 3600 }
    package var minute: Int { secondOfDay / 60 % 60 }
    package var second: Int { secondOfDay % 60 }

    /// `2026-12-24`, `2026-12-24 18:00`, `2026-12-24T18:00:30`; nil for anything else, dates that do not exist included.
    package init?(_ text: String) {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        guard halves.count <= 2, let day = halves.first, let parts = Self.numbers(day, "-", widths: [4, 2, 2]),
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else { return nil }
        var seconds = 0
        if halves.count == 2 {
            guard
                let clock = Self.numbers(halves[1], ":", widths: [2, 2])
                    ?? Self.numbers(halves[1], ":", widths: [2, 2, 2]),
                clock[0] < 24, clock[1] < 60, clock.count < 3 || clock[2] < 60
            else { return nil }
            seconds = clock[0] * 3600 + clock[1] * 60 + (clock.count == 3 ? clock[2] : 0)
        }
        dayNumber = date.daysSince1970
        secondOfDay = seconds
    }

    /// The wall clock, read as if it were UTC.
    package init(millisecondsAsUTC: Int64) {
        let (day, rest) = millisecondsAsUTC.quotientAndRemainder(dividingBy: 86_400_000)
        dayNumber = rest < 0 ? day - 1 : day
        secondOfDay = Int((rest < 0 ? rest + 86_400_000 : rest) / 1000)
    }

    package var millisecondsAsUTC: Int64 { dayNumber * 86_400_000 + Int64(secondOfDay) * 1000 }

    /// `monday` … `sunday`.
    package var weekday: String {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let number = date.weekday
        return names.indices.contains(number) ? names[number] : ""
    }

    /// `2026-12-24`.
    package var dateText: String {
        let date = date
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
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
            guard part.utf8.count == width, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part)
            else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }
}
