import Domain
import ScriptProtocol

/// Why a value is not the quantity that it should be, in words.
struct WrongQuantity: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The quantities of definitions, from what Lua hands over: a text as people write it, or a number where its unit is beyond doubt.
enum Quantities {
    static func cores(_ value: ScriptValue) throws(WrongQuantity) -> Double {
        try parse(value, "cores such as 2, \"2 cores\" or \"500m\"", Quantity.cores, Quantity.cores)
    }

    static func bytes(_ value: ScriptValue) throws(WrongQuantity) -> Int64 {
        try parse(value, "bytes such as \"4GiB\" or \"512MB\"", Quantity.bytes)
    }

    static func bitsPerSecond(_ value: ScriptValue) throws(WrongQuantity) -> Double {
        try parse(value, "bandwidth such as \"1Gbps\" or \"500Mbps\"", Quantity.bitsPerSecond)
    }

    static func span(_ value: ScriptValue) throws(WrongQuantity) -> TimeSpan {
        try parse(
            value,
            "a duration such as \"90s\" or \"5m\"",
            { text throws(QuantityError) in try Quantity.span(text) }
        )
    }

    static func positiveSpan(_ value: ScriptValue) throws(WrongQuantity) -> TimeSpan {
        let span = try span(value)
        guard span > .zero else {
            throw WrongQuantity("found \(value.inWords): it is not above 0; expected a duration such as \"90s\"")
        }
        return span
    }

    /// The step of a forecast: finer, a week of history would fill the memory; coarser, there would be no day in it.
    static func gridStep(_ value: ScriptValue) throws(WrongQuantity) -> TimeSpan {
        try span(value, from: .seconds(1), to: .days(1))
    }

    /// Between two evaluations at most.
    static func interval(_ value: ScriptValue) throws(WrongQuantity) -> TimeSpan {
        try span(value, from: .seconds(1), to: .hours(24))
    }

    private static func span(
        _ value: ScriptValue,
        from least: TimeSpan,
        to most: TimeSpan
    ) throws(WrongQuantity) -> TimeSpan {
        let span = try span(value)
        guard least <= span, span <= most else {
            throw WrongQuantity("found \(value.inWords); expected a duration from \"\(least)\" to \"\(most)\"")
        }
        return span
    }

    /// `"20%"` or 0.2; may be above 1.
    static func fraction(_ value: ScriptValue) throws(WrongQuantity) -> Double {
        try parse(
            value,
            "a share such as \"20%\" or 0.2",
            { text throws(QuantityError) in try Quantity.fraction(text) },
            { number throws(QuantityError) in try Quantity.fraction(number) }
        )
    }

    /// A fraction from 0 to 1.
    static func share(_ value: ScriptValue) throws(WrongQuantity) -> Double {
        let share = try fraction(value)
        guard share <= 1 else {
            throw WrongQuantity("found \(value.inWords): it is above 1; expected a share from 0 to 1")
        }
        return share
    }

    /// A fraction above 0, to 1.
    static func positiveShare(_ value: ScriptValue) throws(WrongQuantity) -> Double {
        let share = try share(value)
        guard share > 0 else {
            throw WrongQuantity("found \(value.inWords): it is not above 0; expected a share such as \"70%\"")
        }
        return share
    }

    static func objective(_ value: ScriptValue) throws(WrongQuantity) -> Objective {
        try parse(value, "a comparison such as \"< 250\" or \">= 99.9%\"", Quantity.objective)
    }

    static func rateLimit(_ value: ScriptValue) throws(WrongQuantity) -> RateLimit {
        try parse(value, "an amount per window such as \"100%/1m\" or \"5/1h\"", Quantity.rateLimit)
    }

    static func countLimit(_ value: ScriptValue) throws(WrongQuantity) -> CountLimit {
        try parse(value, "a number per window such as \"2/1h\"", Quantity.countLimit)
    }

    private static func parse<Value>(
        _ value: ScriptValue,
        _ expected: String,
        _ text: (String) throws(QuantityError) -> Value,
        _ number: ((Double) throws(QuantityError) -> Value)? = nil
    ) throws(WrongQuantity) -> Value {
        do {
            if case .string(let written) = value { return try text(written) }
            if let number, let plain = value.asNumber { return try number(plain) }
        } catch {
            throw WrongQuantity(error.description)
        }
        throw WrongQuantity("found \(value.inWords); expected \(expected)")
    }
}
