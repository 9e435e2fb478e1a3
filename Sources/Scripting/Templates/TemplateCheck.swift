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
        let tags = TemplateTag.all(in: contents)
        let problems = tags.compactMap(problem) + unbalanced(tags)
        guard problems.isEmpty else { return problems.sorted { $0.line < $1.line } }
        // Whatever else Mustache may find, it has the last word.
        do {
            _ = try MustacheTemplate(string: contents)
            return []
        } catch {
            return [Problem(line: 0, message: words(for: error))]
        }
    }

    /// The facts that a template names, and the line of each, once a name.
    static func facts(in contents: String) -> [(name: String, line: Int)] {
        var seen: Set<String> = []
        return TemplateTag.all(in: contents)
            .filter { ($0.kind == .value || $0.kind == .open) && seen.insert($0.name).inserted }
            .map { ($0.name, $0.line) }
    }

    /// What a parse error says, for people.
    static func words(for error: any Error) -> String {
        guard let error = error as? MustacheTemplate.ParserError else { return "broken Mustache (\(error))" }
        return "broken Mustache (\(error.error))"
    }

    private static func problem(_ tag: TemplateTag) -> Problem? {
        switch tag.kind {
        case .comment, .close: return nil
        case .unfinished: return Problem(line: tag.line, message: "a tag has no end; expected {{name}}")
        case .other:
            return Problem(
                line: tag.line,
                message: "partials, inheritance and delimiters have no meaning here; expected {{name}}, "
                    + "{{#name}} … {{/name}} or {{! comment}}"
            )
        case .value, .open:
            if tag.name == "." || TemplateFacts.isFact(tag.name) { return nil }
            let known = TemplateFacts.names.joined(separator: ", ")
            return Problem(
                line: tag.line,
                message: "there is no fact {{\(tag.name)}}; known: \(known), resource.labels.NAME",
                word: tag.name,
                words: TemplateFacts.names
            )
        }
    }

    private static func unbalanced(_ tags: [TemplateTag]) -> [Problem] {
        var open: [TemplateTag] = []
        for tag in tags {
            if tag.kind == .open { open.append(tag) }
            guard tag.kind == .close else { continue }
            guard let section = open.popLast() else {
                return [Problem(line: tag.line, message: "{{/\(tag.name)}} ends a section that was not begun")]
            }
            if section.name != tag.name {
                return [
                    Problem(
                        line: tag.line,
                        message: "{{/\(tag.name)}} ends the section {{#\(section.name)}}; expected {{/\(section.name)}}"
                    )
                ]
            }
        }
        guard let section = open.last, !tags.contains(where: { $0.kind == .unfinished }) else { return [] }
        return [
            Problem(
                line: section.line,
                message: "the section \(section.name) has no end; expected {{/\(section.name)}}"
            )
        ]
    }
}
