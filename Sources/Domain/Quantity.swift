/// Quantities as people write them, each parsed and validated in one place.
///
/// A text that is not what it should be ends in a `QuantityError` that quotes it, says what is expected and, where the intention can be
/// told, what was probably meant. Numbers without a unit are taken where their unit is beyond doubt.
package enum Quantity {
    // MARK: Allocation

    /// Cores: `"2"`, `"2 cores"`, `"0.5"`, `"500m"` (thousandths).
    package static func cores(_ text: String) throws(QuantityError) -> Double {
        let units = [
            Unit("cores", 1, ["cpu", "cpus", "vcpu", "vcpus", "c"]), Unit("core", 1), Unit("m", 0.001, ["millicores"]),
        ]
        return try cores(QuantityText.parse(text, expected: coresExpected, units: units, plain: 1), found: text)
    }

    /// Cores as a plain number.
    package static func cores(_ number: Double) throws(QuantityError) -> Double {
        try cores(number, found: nil)
    }

    private static let coresExpected = "cores such as 2, \"2 cores\" or \"500m\""

    private static func cores(_ number: Double, found: String?) throws(QuantityError) -> Double {
        try positive(number, found: found, expected: coresExpected, atMost: 1_000_000)
    }

    /// Bytes: `"4GiB"`, `"512MB"`, `"1.5GiB"`; at least one.
    package static func bytes(_ text: String) throws(QuantityError) -> Int64 {
        let units = [
            Unit("GiB", 1_073_741_824, ["g", "gi", "gib"]), Unit("MiB", 1_048_576, ["m", "mi", "mib"]),
            Unit("KiB", 1024, ["k", "ki", "kib"]), Unit("TiB", 1_099_511_627_776, ["t", "ti", "tib"]),
            Unit("PiB", 1_125_899_906_842_624, ["p", "pi", "pib"]),
            Unit("B", 1, ["byte", "bytes"]), Unit("kB", 1e3), Unit("KB", 1e3), Unit("MB", 1e6, ["megabytes"]),
            Unit("GB", 1e9, ["gigabytes"]), Unit("TB", 1e12), Unit("PB", 1e15),
        ]
        return try bytes(QuantityText.parse(text, expected: bytesExpected, units: units), found: text)
    }

    /// Bytes as a plain number.
    package static func bytes(_ number: Double) throws(QuantityError) -> Int64 {
        try bytes(number, found: nil)
    }

    private static let bytesExpected = "bytes such as \"4GiB\" or \"512MB\""

    private static func bytes(_ number: Double, found: String?) throws(QuantityError) -> Int64 {
        let checked = try positive(number.rounded(), found: found, expected: bytesExpected, atMost: 9e18)
        return Int64(exactly: checked) ?? .max
    }

    /// Bits per second: `"1Gbps"`, `"500 Mbps"`.
    package static func bitsPerSecond(_ text: String) throws(QuantityError) -> Double {
        let units = [
            Unit("Gbps", 1e9, ["gbit", "gbit/s", "gb/s", "g", "gb"]),
            Unit("Mbps", 1e6, ["mbit", "mbit/s", "mb/s", "m", "mb"]),
            Unit("kbps", 1e3, ["kbit", "kbit/s", "kb/s", "k", "kb"]), Unit("Kbps", 1e3),
            Unit("Tbps", 1e12, ["tbit", "tbit/s"]),
            Unit("bps", 1, ["bit", "bit/s", "b/s"]),
        ]
        return try bitsPerSecond(QuantityText.parse(text, expected: bandwidthExpected, units: units), found: text)
    }

    /// Bits per second as a plain number.
    package static func bitsPerSecond(_ number: Double) throws(QuantityError) -> Double {
        try bitsPerSecond(number, found: nil)
    }

    private static let bandwidthExpected = "bandwidth such as \"1Gbps\" or \"500Mbps\""

    private static func bitsPerSecond(_ number: Double, found: String?) throws(QuantityError) -> Double {
        try positive(number, found: found, expected: bandwidthExpected, atMost: 1e18)
    }

    // MARK: Time and shares

    /// A length of time: `"250ms"`, `"90s"`, `"5m"`, `"1.5h"`, `"14d"`, `"1w"`; zero is one.
    package static func span(_ text: String, atLeast least: TimeSpan = .zero) throws(QuantityError) -> TimeSpan {
        let units = [
            Unit("s", 1e3, ["sec", "secs", "second", "seconds"]), Unit("m", 6e4, ["min", "mins", "minute", "minutes"]),
            Unit("h", 36e5, ["hr", "hrs", "hour", "hours"]), Unit("d", 864e5, ["day", "days"]),
            Unit("w", 6048e5, ["wk", "week", "weeks"]),
            Unit("ms", 1, ["msec", "millis", "millisecond", "milliseconds"]),
        ]
        let expected = "a duration such as \"90s\", \"5m\", \"1.5h\" or \"14d\""
        let milliseconds = try QuantityText.parse(text, expected: expected, units: units).rounded()
        // A hundred years: beyond it an instant plus a span might not be an instant any more.
        guard milliseconds <= 3.2e12, let whole = Int64(exactly: milliseconds) else {
            throw QuantityError(found: QuantityText.quoted(text), expected: expected, detail: "it is too long")
        }
        guard whole >= least.milliseconds else {
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "it is shorter than \(least)"
            )
        }
        return TimeSpan(milliseconds: whole)
    }

    /// A share as a fraction, not negative: `"20%"`, `"0.2"`.
    ///
    /// Ten at most unless told otherwise.
    package static func fraction(_ text: String, atMost most: Double = 10) throws(QuantityError) -> Double {
        let value = try QuantityText.parse(
            text,
            expected: fractionExpected,
            units: [Unit("%", 0.01, ["percent", "pct"])],
            plain: 1
        )
        return try fraction(percentage(text) ?? value, atMost: most, found: QuantityText.quoted(text))
    }

    /// A share as a plain number: 0.2.
    package static func fraction(_ number: Double, atMost most: Double = 10) throws(QuantityError) -> Double {
        try fraction(number, atMost: most, found: NumberText.plain(number))
    }

    private static func fraction(
        _ number: Double,
        atMost most: Double,
        found: String
    ) throws(QuantityError) -> Double {
        guard number.isFinite else { throw QuantityError(found: found, expected: fractionExpected) }
        guard number >= 0 else {
            throw QuantityError(found: found, expected: fractionExpected, detail: "it is negative")
        }
        guard number <= most else {
            // Who writes 70 for a share means percent.
            let isPercent = number <= most * 100 && number == number.rounded()
            throw QuantityError(
                found: found,
                expected: fractionExpected,
                detail: "it is more than \(NumberText.plain(most * 100))%",
                suggestion: isPercent ? "\"\(NumberText.plain(number))%\"" : nil
            )
        }
        return number
    }

    private static let fractionExpected = "a share such as \"20%\" or 0.2"

    private static func percentage(_ text: String) -> Double? {
        guard let scanned = QuantityText(text), scanned.unit == "%" else { return nil }
        return scanned.percentage
    }

    static func positive(
        _ number: Double,
        found: String?,
        expected: String,
        atMost most: Double
    ) throws(QuantityError) -> Double {
        let shown = found.map { QuantityText.quoted($0) } ?? NumberText.plain(number)
        guard number.isFinite else { throw QuantityError(found: shown, expected: expected) }
        guard number > 0 else { throw QuantityError(found: shown, expected: expected, detail: "it is not above 0") }
        guard number <= most else { throw QuantityError(found: shown, expected: expected, detail: "it is too large") }
        return number
    }
}
