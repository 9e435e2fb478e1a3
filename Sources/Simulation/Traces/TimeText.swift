package import Domain

/// Instants as text: ISO 8601 as people and tools write it, or unix time.
///
/// Written here because a trace has a hundred thousand of them: Foundation's parsers take microseconds each and say nothing of
/// where they failed. Calendar arithmetic is that of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
/// (days_from_civil, civil_from_days).
package enum TimeText {
    /// `2026-03-02T09:00:00`, also with a space for the `T`, without seconds, with a fraction, with `Z` or an offset, a
    /// date alone, or unix seconds or milliseconds.
    ///
    /// Without a zone it is read as UTC.
    package static func parse(_ text: some StringProtocol) -> Timestamp? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { parse($0, from: 0, to: $0.count) }
            .map(Timestamp.init(milliseconds:))
    }

    /// `2026-03-02T09:00:00`, UTC; milliseconds only where there are any.
    package static func iso(_ time: Timestamp) -> String {
        let ms = time.milliseconds
        let day = floorDivide(ms, 86_400_000)
        let rest = ms - day * 86_400_000
        let (y, m, d) = civil(fromDays: day)
        let second = rest / 1000
        var text = pad(y, 4) + "-" + pad(m, 2) + "-" + pad(d, 2) + "T"
        text += pad(second / 3600, 2) + ":" + pad(second / 60 % 60, 2) + ":" + pad(second % 60, 2)
        if rest % 1000 != 0 { text += "." + pad(rest % 1000, 3) }
        return text
    }

    /// Milliseconds since 1970 of the text in `from..<to`; nil where it is none of the forms.
    static func parse(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Int64? {
        guard from < to, to <= b.count else { return nil }
        if to - from >= 10, b[from + 4] == UInt8(ascii: "-") { return parseISO(b, from: from, to: to) }
        return parseUnix(b, from: from, to: to)
    }

    private static func parseISO(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Int64? {
        var at = from
        guard let year = digits(b, &at, 4, to), skip(b, &at, "-", to), let month = digits(b, &at, 2, to),
            skip(b, &at, "-", to), let day = digits(b, &at, 2, to),
            (1...12).contains(month), day >= 1, day <= daysIn(month, of: year)
        else { return nil }
        var ms = days(fromYear: year, month: month, day: day) * 86_400_000
        if at == to { return ms }

        guard b[at] == UInt8(ascii: "T") || b[at] == UInt8(ascii: "t") || b[at] == UInt8(ascii: " ") else { return nil }
        at += 1
        guard let hour = digits(b, &at, 2, to), skip(b, &at, ":", to), let minute = digits(b, &at, 2, to),
            hour < 24, minute < 60
        else { return nil }
        ms += hour * 3_600_000 + minute * 60_000
        if skip(b, &at, ":", to) {
            // A leap second reads as the second after it: the grid has no place for it.
            guard let second = digits(b, &at, 2, to), second <= 60 else { return nil }
            ms += second * 1000
            if skip(b, &at, ".", to) || skip(b, &at, ",", to) {
                guard let fraction = fraction(b, &at, to) else { return nil }
                ms += fraction
            }
        }
        if at < to, b[at] == UInt8(ascii: " "), at + 1 < to { at += 1 }
        guard let offset = zone(b, &at, to), at == to else { return nil }
        return ms - offset
    }

    /// Offset in milliseconds; 0 where there is none or `Z`.
    private static func zone(_ b: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ to: Int) -> Int64? {
        guard at < to else { return 0 }
        let sign = b[at]
        at += 1
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        if sign == UInt8(ascii: "U") { return skip(b, &at, "T", to) && skip(b, &at, "C", to) ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = digits(b, &at, 2, to), hours <= 18
        else { return nil }
        var offset = hours * 3_600_000
        if at < to {
            _ = skip(b, &at, ":", to)
            guard let minutes = digits(b, &at, 2, to), minutes < 60 else { return nil }
            offset += minutes * 60_000
        }
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    /// Seconds below 10¹¹ (the year 5138), milliseconds above (1973 and later); digits with an optional fraction.
    private static func parseUnix(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Int64? {
        var at = from
        var whole: Int64 = 0
        while at < to, let digit = digit(b[at]) {
            guard at - from < 14 else { return nil }
            whole = whole * 10 + digit
            at += 1
        }
        // Fewer than nine digits is a row number or a year rather than an instant anyone has demand for.
        guard at - from >= 9 else { return nil }
        let inSeconds = whole < 100_000_000_000
        var ms = inSeconds ? whole * 1000 : whole
        if at < to {
            guard skip(b, &at, ".", to), let fraction = fraction(b, &at, to), at == to else { return nil }
            if inSeconds { ms += fraction }
        }
        return ms
    }

    // MARK: - Bytes

    @inline(__always)
    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- 48
        return value < 10 ? Int64(value) : nil
    }

    @inline(__always)
    private static func digits(_ b: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ count: Int, _ to: Int) -> Int64? {
        guard at + count <= to else { return nil }
        var value: Int64 = 0
        for i in at..<at + count {
            guard let digit = digit(b[i]) else { return nil }
            value = value * 10 + digit
        }
        at += count
        return value
    }

    @inline(__always)
    private static func skip(_ b: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ c: Unicode.Scalar, _ to: Int) -> Bool {
        guard at < to, b[at] == UInt8(truncatingIfNeeded: c.value) else { return false }
        at += 1
        return true
    }

    /// The digits after the point as milliseconds, cut off after the third; nil where there is none.
    private static func fraction(_ b: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ to: Int) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while at < to, let digit = digit(b[at]) {
            if count < 3 { value = value * 10 + digit }
            count += 1
            at += 1
        }
        guard count > 0 else { return nil }
        return count == 1 ? value * 100 : count == 2 ? value * 10 : value
    }

    // MARK: - Calendar

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let quotient = a / b
        return a % b < 0 ? quotient - 1 : quotient
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return text.count < width ? String(repeating: "0", count: width - text.count) + text : text
    }
}
