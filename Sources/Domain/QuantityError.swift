/// Why a text is not the quantity it should be: what was found, what is expected, and what was probably meant.
package struct QuantityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let found: String
    /// `a duration such as "90s" or "5m"`.
    package let expected: String
    /// What goes wrong beyond the form: `it is negative`.
    package let detail: String?
    /// The nearest text that would be right.
    package let suggestion: String?

    package init(found: String, expected: String, detail: String? = nil, suggestion: String? = nil) {
        self.found = found
        self.expected = expected
        self.detail = detail
        self.suggestion = suggestion
    }

    /// Without the suggestion, for those who render it themselves.
    package var message: String {
        let problem = detail.map { ": \($0)" } ?? ""
        return "found \(found)\(problem); expected \(expected)"
    }

    package var description: String {
        suggestion.map { "\(message) (did you mean \($0)?)" } ?? message
    }
}
