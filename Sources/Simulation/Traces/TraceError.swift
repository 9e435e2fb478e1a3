/// Why a trace cannot be used: where, what was found, what to do.
package struct TraceError: Error, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, Equatable {
        case missing, folder, unreadable
        case notText = "not_text"
        case empty
        case tooShort = "too_short"
        case columns, timestamp, duplicate, unsorted, irregular
        case number, negative
        case notFinite = "not_finite"
        case gapsOnly = "gaps_only"
        case tooLarge = "too_large"
    }

    package let kind: Kind
    package let file: String
    /// From 1; nil where the whole file is meant.
    package let line: Int?
    /// What was found and what was expected.
    package let message: String
    /// What to do.
    package let advice: String

    package init(_ kind: Kind, file: String, line: Int? = nil, _ message: String, advice: String) {
        self.kind = kind
        self.file = file
        self.line = line
        self.message = message
        self.advice = advice
    }

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): error: \(message). \(advice)"
    }
}
