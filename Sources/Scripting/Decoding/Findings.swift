import Domain

/// Collects everything that is wrong with a workspace, so that one run reports all of it.
///
/// Used by one thread; a class, for the readers of a file's tables all write into the same one.
final class Findings {
    private(set) var diagnostics: [Diagnostic] = []

    var count: Int { diagnostics.count }

    func error(
        _ file: DefinitionFile,
        at line: Int,
        _ message: String,
        nearest word: String? = nil,
        of words: [String] = []
    ) {
        error(file: file.name, line: line, message, nearest: word, of: words)
    }

    /// An error at a line, or of a whole file.
    func error(file: String, line: Int?, _ message: String, nearest word: String? = nil, of words: [String] = []) {
        let suggestion = word.flatMap { NearestWord.find($0, among: words) }
        diagnostics.append(
            Diagnostic(
                location: SourceLocation(file: file, line: line),
                severity: .error,
                message: message,
                suggestion: suggestion
            )
        )
    }
}

extension Findings {
    /// By file and line, then by message; without repetitions.
    var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return diagnostics.filter { seen.insert($0).inserted }
            .sorted { ($0.location, $0.message) < ($1.location, $1.message) }
    }
}
