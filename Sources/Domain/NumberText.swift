/// Numbers as a person on call reads them: as many digits as matter, no more.
///
/// No locale, no Foundation.
package enum NumberText {
    /// Thousands separated, about three digits that matter: `1,790`, `12.3`, `0.0042`.
    ///
    /// Never scientific below 10¹⁵.
    package static func amount(_ value: Double) -> String {
        guard value.isFinite else { return plain(value) }
        let size = abs(value)
        if size == 0 { return "0" }
        guard size < 1e15, size >= 1e-9 else { return plain(value) }
        if size >= 99.95 { return fixed(value, decimals: 0) }
        if size >= 9.995 { return fixed(value, decimals: 1) }
        if size >= 0.9995 { return fixed(value, decimals: 2) }
        var decimals = 3
        var scaled = size * 10
        while scaled < 0.9995, decimals < 12 {
            scaled *= 10
            decimals += 1
        }
        return fixed(value, decimals: decimals)
    }

    /// `1,200`.
    package static func count(_ value: Int) -> String {
        grouped(UInt64(value.magnitude), negative: value < 0)
    }

    /// `95 %`, `99.9 %` of a fraction.
    package static func percent(_ fraction: Double) -> String {
        guard fraction.isFinite, abs(fraction) < 1e12 else { return plain(fraction) }
        return fixed(fraction * 100, decimals: abs(fraction) < 0.1 || abs(fraction) >= 0.99 ? 2 : 1) + " %"
    }

    /// As it would be written in a script: `2`, `0.34`, no separators; shortest text that reads back the same.
    package static func plain(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return String(whole) }
        return value.description
    }

    /// At most `decimals` (0…12), trailing zeros left out.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        var decimals = min(max(decimals, 0), 12)
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        guard value.isFinite, let scaled = UInt64(exactly: (abs(value) * Double(scale)).rounded()) else {
            return plain(value)
        }
        var fraction = scaled % scale
        let text = grouped(scaled / scale, negative: value < 0 && scaled != 0)
        if fraction == 0 { return text }
        while fraction % 10 == 0 {
            fraction /= 10
            decimals -= 1
        }
        var bytes = [UInt8](repeating: UInt8(ascii: "0"), count: decimals)
        for index in bytes.indices.reversed() {
            bytes[index] += UInt8(truncatingIfNeeded: fraction % 10)
            fraction /= 10
        }
        return text + "." + String(decoding: bytes, as: UTF8.self)
    }

    private static func grouped(_ magnitude: UInt64, negative: Bool) -> String {
        if magnitude < 1000 { return negative ? "-" + String(magnitude) : String(magnitude) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(28)
        var rest = magnitude
        var digits = 0
        repeat {
            if digits > 0, digits % 3 == 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            digits += 1
        } while rest > 0
        if negative { bytes.append(UInt8(ascii: "-")) }
        bytes.reverse()
        return String(decoding: bytes, as: UTF8.self)
    }
}
