/// A place in a script.
package struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// As a person would open it: `policies/fleets/storefront.lua`.
    package var file: String
    /// From 1 on; nil where the whole file is meant.
    package var line: Int?

    package init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }

    package var description: String { line.map { "\(file):\($0)" } ?? file }

    package static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.file, a.line ?? 0) < (b.file, b.line ?? 0)
    }
}

/// Something that a person should know about a script: where, how bad, what, and what was probably meant.
package struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        case error
        case warning
        case note
    }

    package var location: SourceLocation
    package var severity: Severity
    package var message: String
    /// A word that would be right, without quotes.
    package var suggestion: String?

    package init(location: SourceLocation, severity: Severity = .error, message: String, suggestion: String? = nil) {
        self.location = location
        self.severity = severity
        self.message = message
        self.suggestion = suggestion
    }

    package init(
        file: String,
        line: Int?,
        severity: Severity = .error,
        message: String,
        suggestion: String? = nil
    ) {
        self.init(
            location: SourceLocation(file: file, line: line),
            severity: severity,
            message: message,
            suggestion: suggestion
        )
    }

    /// One that suggests the word of `known` nearest to `word`, if one is near.
    package init(location: SourceLocation, message: String, nearestTo word: String, of known: [String]) {
        self.init(location: location, message: message, suggestion: NearestWord.find(word, among: known))
    }

    /// `policies/fleets/storefront.lua:7: error: unknown key limits.mni; … (did you mean "min"?)`.
    package var description: String {
        let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
        return "\(location): \(severity.rawValue): \(message)\(hint)"
    }
}
