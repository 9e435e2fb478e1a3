import Mustache

/// Finds what is wrong with a template before anyone renders it: broken Mustache, and names that no resource has.
enum TemplateCheck {
    struct Problem: Hashable {
        /// Lines below the first.
        var line: Int
        var message: String
        /// What was written and what could have been meant.
        var word: String?
        var words: [String] = []
    }

    static func problems(in contents: String) -> [Problem] {
        do {
            _ = try MustacheTemplate(string: contents)
        } catch {
            let (message, line) = words(for: error)
            return [Problem(line: line, message: message)]
        }
        return unknownNames(in: contents)
    }

    /// What a parse error says, for people, and how many lines below the first it is.
    static func words(for error: any Error) -> (message: String, line: Int) {
        guard let error = error as? MustacheTemplate.ParserError else { return (String(describing: error), 0) }
        let what =
            switch error.error as? MustacheTemplate.Error {
            case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened with"
            case .unfinishedName: "a tag has no end; expected {{name}}"
            case .expectedSectionEnd: "a section has no end; expected {{/name}}"
            default: "broken Mustache (\(error.error))"
            }
        return (what, max(0, error.context.lineNumber - 1))
    }

    /// Sections may be entered only for facts too, so every tag is checked alike. Comments, pragmas and delimiter changes name nothing.
    private static func unknownNames(in contents: String) -> [Problem] {
        var problems: [Problem] = []
        for (number, line) in contents.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var rest = line
            while let open = rest.firstRange(of: "{{") {
                rest = rest[open.upperBound...]
                guard let close = rest.firstRange(of: "}}") else { break }
                let tag = rest[..<close.lowerBound]
                rest = rest[close.upperBound...]
                guard let first = tag.first, !"!%=/>".contains(first) else { continue }
                let name = tag.trimmingSigils()
                if name == "." || TemplateFacts.names.contains(name) { continue }
                if name.hasPrefix(TemplateFacts.labelPrefix), name.count > TemplateFacts.labelPrefix.count { continue }
                let known = TemplateFacts.names.joined(separator: ", ")
                problems.append(
                    Problem(
                        line: number,
                        message: "there is no fact {{\(name)}}; known: \(known), resource.labels.NAME",
                        word: name, words: TemplateFacts.names))
            }
        }
        return problems
    }
}

extension Substring {
    /// The name of a tag without `#`, `^`, `&`, `{` and blanks around it.
    fileprivate func trimmingSigils() -> String {
        String(drop { "#^&{$< ".contains($0) }.reversed().drop { "} ".contains($0) }.reversed())
    }
}
