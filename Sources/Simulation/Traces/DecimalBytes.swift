/// Numbers as bytes.
///
/// Plain decimals are read here, without a string; the rare rest by Swift's own parser.
enum DecimalBytes {
    enum Reading: Equatable {
        case value(Double)
        /// `nan`, `inf`, or a number beyond what a `Double` holds.
        case notFinite
        case notANumber
    }

    /// Correctly rounded: a mantissa below 2⁵³ times or divided by a power of ten up to 10²² rounds once (Clinger, "How to read
    /// floating point numbers accurately", 1990); what does not fit goes to `Double.init`.
    static func parse(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Reading {
        var at = from
        var negative = false
        if at < to, b[at] == UInt8(ascii: "-") || b[at] == UInt8(ascii: "+") {
            negative = b[at] == UInt8(ascii: "-")
            at += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var exact = true
        func take() -> Bool {
            guard at < to, b[at] &- 48 < 10 else { return false }
            if digits < 18 { mantissa = mantissa * 10 + UInt64(b[at] &- 48) } else { exact = false }
            digits += 1
            at += 1
            return true
        }
        while take() {}
        if at < to, b[at] == UInt8(ascii: ".") {
            at += 1
            while take() { exponent -= 1 }
        }
        guard digits > 0 else { return special(b, from: at, to: to) }
        if at < to, b[at] | 32 == UInt8(ascii: "e") {
            at += 1
            var sign = 1
            if at < to, b[at] == UInt8(ascii: "-") || b[at] == UInt8(ascii: "+") {
                sign = b[at] == UInt8(ascii: "-") ? -1 : 1
                at += 1
            }
            var power = 0
            let first = at
            while at < to, b[at] &- 48 < 10 {
                power = min(power * 10 + Int(b[at] &- 48), 100_000)
                at += 1
            }
            guard at > first else { return .notANumber }
            exponent += sign * power
        }
        guard at == to else { return .notANumber }
        if exact, mantissa < 1 << 53, abs(exponent) < powers.count {
            let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
            return .value(negative ? -value : value)
        }
        guard let value = Double(String(decoding: b[from..<to], as: UTF8.self)) else { return .notANumber }
        return value.isFinite ? .value(value) : .notFinite
    }

    private static func special(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Reading {
        guard to - from <= 9 else { return .notANumber }
        let word = String(decoding: b[from..<to], as: UTF8.self).lowercased()
        return ["nan", "inf", "infinity", "+inf", "1.#inf", "1.#qnan"].contains(word) ? .notFinite : .notANumber
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
