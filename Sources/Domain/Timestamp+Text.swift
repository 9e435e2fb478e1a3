extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC: `2026-11-24T08:00:00Z`, with milliseconds where there are any.
    package var description: String {
        let day = Int64(86_400_000)
        let days = milliseconds / day - (milliseconds % day < 0 ? 1 : 0)
        let date = CivilDate(daysSince1970: days)
        let rest = Int(milliseconds &- days &* day)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func put(_ value: Int, _ width: Int) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            for _ in 0..<width {
                bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
                divisor = max(1, divisor / 10)
            }
        }
        put(date.year, 4)
        bytes.append(UInt8(ascii: "-"))
        put(date.month, 2)
        bytes.append(UInt8(ascii: "-"))
        put(date.day, 2)
        bytes.append(UInt8(ascii: "T"))
        put(rest / 3_600_000, 2)
        bytes.append(UInt8(ascii: ":"))
        put(rest / 60_000 % 60, 2)
        bytes.append(UInt8(ascii: ":"))
        put(rest / 1000 % 60, 2)
        if rest % 1000 != 0 {
            bytes.append(UInt8(ascii: "."))
            put(rest % 1000, 3)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads ISO 8601: a date, or a date with `T` or a blank and a time to the minute, second or fraction; then `Z`, `+02:00`, `+0200`
    /// or nothing, which is UTC.
    ///
    /// - Throws: `QuantityError` for anything else, days and hours that do not exist included.
    package init(iso8601 text: String) throws(QuantityError) {
        guard let time = InstantReader.read(text) else {
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: "a time such as \"2026-11-24\", \"2026-11-24T08:00:00Z\" or \"2026-11-24 08:00+01:00\""
            )
        }
        self = time
    }
}

/// Reads an instant from left to right; any surprise ends in nil.
private struct InstantReader {
    private let bytes: [UInt8]
    private var index = 0

    static func read(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 40 else { return nil }
        var reader = InstantReader(bytes: Array(text.utf8))
        return reader.instant()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func instant() -> Timestamp? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var milliseconds = date.daysSince1970 * 86_400_000
        if isAtEnd { return Timestamp(milliseconds: milliseconds) }
        guard take("T") || take(" "), let clock = clock(), let zone = zone(), isAtEnd else { return nil }
        milliseconds += clock - zone
        return Timestamp(milliseconds: milliseconds)
    }

    private mutating func clock() -> Int64? {
        guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
        var milliseconds = Int64(hour * 60 + minute) * 60_000
        guard take(":") else { return milliseconds }
        guard let second = digits(2), second < 60 else { return nil }
        milliseconds += Int64(second) * 1000
        guard take(".") else { return milliseconds }
        var worth: Int64 = 100
        var count = 0
        while let digit = digits(1) {
            milliseconds += Int64(digit) * worth
            worth /= 10
            count += 1
        }
        return count > 0 ? milliseconds : nil
    }

    private mutating func zone() -> Int64? {
        if isAtEnd || take("Z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hour = digits(2), hour <= 14 else { return nil }
        if isAtEnd { return sign * Int64(hour) * 3_600_000 }
        _ = take(":")
        guard let minute = digits(2), minute < 60 else { return nil }
        return sign * Int64(hour * 60 + minute) * 60_000
    }

    private var isAtEnd: Bool { index == bytes.count }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int? {
        guard index + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<(index + count)] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        index += count
        return value
    }
}
