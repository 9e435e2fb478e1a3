import Domain
package import ScriptProtocol

/// One key of a fleet's `target`, as the driver's `config` describes it.
package struct ConfigKey: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case string
        case integer
        case number
        case boolean
        /// Seconds, for the driver; written `"30s"`.
        case duration
    }

    package var name: String
    package var kind: Kind
    package var isRequired: Bool
    /// As a fleet would have written it.
    package var fallback: String?
    /// For people.
    package var help: String?

    package init(
        _ name: String,
        _ kind: Kind = .string,
        isRequired: Bool = true,
        fallback: String? = nil,
        help: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.fallback = fallback
        self.help = help
    }

    /// What a fleet wrote, as it is kept; nil where it is of another kind.
    package func text(_ value: ScriptValue) -> String? {
        switch (kind, value) {
        case (.string, .string(let text)): return text
        case (.string, .integer), (.string, .number): return value.inWords
        case (.integer, _): return value.asInteger.map(String.init)
        case (.number, _): return value.asNumber.map { NumberText.plain($0) }
        case (.boolean, .bool(let flag)): return flag ? "true" : "false"
        case (.duration, .string(let text)): return (try? Quantity.span(text)) == nil ? nil : text
        default: return nil
        }
    }

    /// What is kept, as the driver gets it; nil where it is of another kind.
    package func value(_ text: String) -> ScriptValue? {
        switch kind {
        case .string: return .string(text)
        case .integer: return Int64(text).map { .integer($0) }
        case .number: return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .boolean: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .duration:
            guard let span = try? Quantity.span(text) else { return nil }
            return .number(Double(span.milliseconds) / 1000)
        }
    }

    package var expected: String {
        switch kind {
        case .string: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .duration: "a duration such as \"30s\""
        }
    }
}
