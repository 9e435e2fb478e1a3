import ScriptProtocol

/// The arguments of one call, checked one by one; errors name the function, the argument, what it is and what it should be.
struct Arguments {
    let function: String
    let values: [ScriptValue]

    init(_ function: String, _ values: [ScriptValue]) {
        self.function = function
        self.values = values
    }

    /// The argument at `i`, counted from 0; `.null` where there is none.
    subscript(_ i: Int) -> ScriptValue { i < values.count ? values[i] : .null }

    func mismatch(_ i: Int, named name: String, expected: String) -> APIError {
        .wrong("\(function): \(name) is \(Text.value(self[i])); expected \(expected)")
    }

    func atMost(_ count: Int) throws(APIError) {
        if values.count > count {
            throw .wrong("\(function) takes \(count == 0 ? "no arguments" : "at most \(count)"), not \(values.count)")
        }
    }

    func string(_ i: Int, named name: String, expected: String = "a text") throws(APIError) -> String {
        guard case .string(let text) = self[i], !text.isEmpty else {
            throw mismatch(i, named: name, expected: expected)
        }
        return text
    }

    /// Why it is proposed: in the words of someone on call, one line.
    func reason(_ i: Int) throws(APIError) -> String {
        guard case .string(let text) = self[i], !text.isEmpty else {
            throw mismatch(i, named: "reason", expected: "a text that says why, for the person on call")
        }
        return text
    }

    /// Ms of `"5m"` and its like.
    func duration(_ i: Int, named name: String) throws(APIError) -> Int64 {
        guard case .string(let text) = self[i], let milliseconds = Duration.milliseconds(text) else {
            throw mismatch(i, named: name, expected: "a duration such as \"5m\", \"90s\" or \"2h\"")
        }
        return milliseconds
    }

    /// Between 0 and 1, both left out.
    func quantile(_ i: Int, default fallback: Double? = nil) throws(APIError) -> Double {
        if self[i] == .null, let fallback { return fallback }
        guard let level = self[i].double, level > 0, level < 1 else {
            throw mismatch(i, named: "quantile", expected: "a number between 0 and 1, such as 0.95")
        }
        return level
    }

    /// A whole number of resources.
    func count(_ i: Int, named name: String, from least: Int64 = 0) throws(APIError) -> Int64 {
        let value = self[i]
        guard let number = value.double, number.isFinite else {
            throw mismatch(i, named: name, expected: "a whole number of resources")
        }
        guard let whole = Int64(exactly: number) else {
            throw mismatch(i, named: name, expected: "a whole number of resources; math.ceil rounds up")
        }
        guard (least...Self.most).contains(whole) else {
            throw mismatch(i, named: name, expected: "a number from \(least) to \(Self.most)")
        }
        return whole
    }

    /// No fleet is larger.
    static let most: Int64 = 100_000
}

extension ScriptValue {
    subscript(_ key: String) -> ScriptValue? {
        guard case .table(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }

    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    var items: [ScriptValue] {
        if case .list(let items) = self { return items }
        return []
    }

    /// A table from its fields, sorted as the protocol wants it.
    static func sortedTable(_ fields: [(String, ScriptValue)]) -> ScriptValue {
        .table(fields.map { Field($0.0, $0.1) }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
}
