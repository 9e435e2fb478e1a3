extension Quantity {
    // MARK: Limits

    /// A whole number or a share, with a sign: `"3"`, `"-2"`, `"20%"`, `"-10%"`.
    package static func scaleAmount(_ text: String) throws(QuantityError) -> ScaleAmount {
        let expected = "a whole number or a share such as 3 or \"20%\""
        guard let scanned = QuantityText(text) else {
            throw QuantityError(found: QuantityText.quoted(text), expected: expected)
        }
        switch scanned.unit {
        case "%":
            guard abs(scanned.number) <= 100_000 else {
                throw QuantityError(found: QuantityText.quoted(text), expected: expected, detail: "it is too large")
            }
            return .fraction(scanned.percentage)
        case "":
            return try scaleAmount(scanned.number, found: QuantityText.quoted(text), expected: expected)
        default:
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "\(QuantityText.quoted(scanned.unit)) is no unit of it",
                suggestion: scanned.unit.lowercased().hasPrefix("p") ? QuantityText.quoted(scanned.digits + "%") : nil
            )
        }
    }

    /// A whole number of resources.
    package static func scaleAmount(_ number: Double) throws(QuantityError) -> ScaleAmount {
        try scaleAmount(
            number,
            found: NumberText.plain(number),
            expected: "a whole number or a share such as 3 or \"20%\""
        )
    }

    private static func scaleAmount(
        _ number: Double,
        found: String,
        expected: String
    ) throws(QuantityError) -> ScaleAmount {
        guard let count = Int(exactly: number), abs(number) <= 1_000_000 else {
            let share = abs(number) < 1 ? "\"\(NumberText.plain(number * 100))%\"" : nil
            throw QuantityError(found: found, expected: expected, detail: "it is no whole number", suggestion: share)
        }
        return .count(count)
    }

    /// An amount per window, above zero: `"100%/1m"`, `"5/1h"`.
    package static func rateLimit(_ text: String) throws(QuantityError) -> RateLimit {
        let expected = "an amount per window such as \"100%/1m\" or \"5/1h\""
        let (left, window) = try split(text, expected: expected)
        let amount: ScaleAmount
        do {
            amount = try scaleAmount(left)
        } catch {
            throw QuantityError(found: QuantityText.quoted(text), expected: expected, detail: error.description)
        }
        switch amount {
        case .count(let count) where count > 0: break
        case .fraction(let fraction) where fraction > 0: break
        default:
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "its amount is not above 0: nothing would ever move"
            )
        }
        return RateLimit(amount: amount, window: window)
    }

    /// A number of times per window: `"2/1h"`.
    package static func countLimit(_ text: String) throws(QuantityError) -> CountLimit {
        let expected = "a number per window such as \"2/1h\""
        let (left, window) = try split(text, expected: expected)
        guard let scanned = QuantityText(left), scanned.unit.isEmpty, scanned.number >= 0,
            let count = Int(exactly: scanned.number), count <= 1_000_000
        else { throw QuantityError(found: QuantityText.quoted(text), expected: expected) }
        return CountLimit(count: count, window: window)
    }

    private static func split(_ text: String, expected: String) throws(QuantityError) -> (String, TimeSpan) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else {
            let suggestion = halves.count == 1 && QuantityText(text) != nil ? QuantityText.quoted(text + "/1m") : nil
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: halves.count == 1 ? "it has no window" : nil,
                suggestion: suggestion
            )
        }
        let window: TimeSpan
        do {
            window = try span(String(halves[1]))
        } catch {
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "its window: \(error.description)"
            )
        }
        guard window > .zero else {
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "its window is not above 0"
            )
        }
        return (String(halves[0]), window)
    }

    // MARK: Objectives

    /// What a KPI should keep: `"< 250"`, `"< 1%"`, `">= 99.9%"`.
    ///
    /// Percentages become fractions.
    package static func objective(_ text: String) throws(QuantityError) -> Objective {
        let expected = "a comparison such as \"< 250\" or \">= 99.9%\""
        let trimmed = text.drop { $0 == " " }
        let sign = trimmed.prefix { $0 == "<" || $0 == ">" || $0 == "=" || $0 == "≤" || $0 == "≥" }
        let rest = trimmed.dropFirst(sign.count)
        guard let scanned = QuantityText(rest) else {
            throw QuantityError(found: QuantityText.quoted(text), expected: expected)
        }
        let percent = scanned.unit == "%" ? "%" : ""
        guard let comparison = Objective.Comparison(rawValue: String(sign)) else {
            let meant =
                switch sign {
                case "≥", "=>": ">="
                case "≤", "=<": "<="
                case "": "<"
                default: nil as String?
                }
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: sign.isEmpty ? "it says no direction" : "\(QuantityText.quoted(sign)) is no comparison",
                suggestion: meant.map { QuantityText.quoted("\($0) \(scanned.digits)\(percent)") }
            )
        }
        guard scanned.unit.isEmpty || scanned.unit == "%" else {
            throw QuantityError(
                found: QuantityText.quoted(text),
                expected: expected,
                detail: "it has a unit; an objective is in the KPI's own",
                suggestion: QuantityText.quoted("\(sign) \(scanned.digits)")
            )
        }
        return Objective(comparison: comparison, value: percent.isEmpty ? scanned.number : scanned.percentage)
    }
}
