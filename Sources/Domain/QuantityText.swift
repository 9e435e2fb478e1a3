/// A number and what follows it, as people write quantities: `4GiB`, `20 %`, `-5`.
struct QuantityText {
    let number: Double
    /// The digits as they were written.
    let digits: String
    let unit: String

    /// Nil where the text does not begin with a decimal number.
    ///
    /// Neither exponents nor hexadecimal: nobody means them here.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var index = Self.skipSpaces(bytes, from: 0)
        let start = index
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
        var hasDigit = false
        var hasPoint = false
        scan: while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: ".") where !hasPoint: hasPoint = true
            default: break scan
            }
            index += 1
        }
        digits = String(decoding: bytes[start..<index], as: UTF8.self)
        guard hasDigit, index - start <= 40, let number = Double(digits), number.isFinite else { return nil }
        self.number = number
        let unitStart = Self.skipSpaces(bytes, from: index)
        var end = bytes.count
        while end > unitStart, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        unit = String(decoding: bytes[unitStart..<end], as: UTF8.self)
    }

    /// The number as a percentage, shifted as it is written: `99.9` is 0.999, which 99.9 ÷ 100 is not.
    var percentage: Double { Double(digits + "e-2") ?? number / 100 }

    private static func skipSpaces(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        return index
    }
}

/// A unit, what it is worth, and how else people write it.
struct Unit {
    let name: String
    let worth: Double
    /// Not accepted, but recognised in an error.
    let otherSpellings: [String]

    init(_ name: String, _ worth: Double, _ otherSpellings: [String] = []) {
        self.name = name
        self.worth = worth
        self.otherSpellings = otherSpellings
    }

    /// The unit that a wrong spelling probably stands for.
    static func nearest(to spelling: String, in units: [Unit]) -> String? {
        let lowered = spelling.lowercased()
        for unit in units where unit.name.lowercased() == lowered || unit.otherSpellings.contains(lowered) {
            return unit.name
        }
        return NearestWord.find(lowered, among: units.map(\.name))
    }
}

extension QuantityText {
    /// Reads a non-negative number with one of `units`; `plain` is what it is worth without one, nil where a unit is required.
    static func parse(
        _ text: String,
        expected: String,
        units: [Unit],
        plain: Double? = nil
    ) throws(QuantityError) -> Double {
        guard let scanned = QuantityText(text) else { throw QuantityError(found: quoted(text), expected: expected) }
        guard scanned.number >= 0 else {
            throw QuantityError(found: quoted(text), expected: expected, detail: "it is negative")
        }
        let worth: Double
        if scanned.unit.isEmpty {
            guard let plain else {
                let example = units.first { $0.worth >= 1 } ?? units.first
                throw QuantityError(
                    found: quoted(text),
                    expected: expected,
                    detail: "it has no unit",
                    suggestion: example.map { quoted(scanned.digits + $0.name) }
                )
            }
            worth = plain
        } else if let unit = units.first(where: { $0.name == scanned.unit }) {
            worth = unit.worth
        } else {
            let unit = Unit.nearest(to: scanned.unit, in: units)
            throw QuantityError(
                found: quoted(text),
                expected: expected,
                detail: "\(quoted(scanned.unit)) is no unit of it",
                suggestion: unit.map { quoted(scanned.digits + $0) }
            )
        }
        let value = scanned.number * worth
        guard value.isFinite, value < 9e18 else {
            throw QuantityError(found: quoted(text), expected: expected, detail: "it is too large")
        }
        return value
    }

    /// As it stands in a script, shortened where it is long.
    static func quoted(_ text: some StringProtocol) -> String {
        text.utf8.count <= 60 ? "\"\(text)\"" : "\"\(text.prefix(50))…\""
    }
}
