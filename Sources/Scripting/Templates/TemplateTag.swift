/// One `{{…}}` of a template.
///
/// Mustache's own parser tells where it gave up, which for a section without an end is the end of the file. People look for the
/// beginning, so tags are found here first.
struct TemplateTag: Hashable {
    enum Kind: Hashable {
        /// `{{name}}`, `{{{name}}}`, `{{&name}}`.
        case value
        /// `{{#name}}`, `{{^name}}`.
        case open
        /// `{{/name}}`.
        case close
        case comment
        /// Partials, inheritance, delimiters, pragmas: nothing that a configuration file could refer to.
        case other
        /// There is no `}}`.
        case unfinished
    }

    var kind: Kind
    var name: String
    /// Lines below the first.
    var line: Int

    /// O(characters).
    static func all(in contents: String) -> [TemplateTag] {
        var tags: [TemplateTag] = []
        var rest = contents[...]
        var line = 0
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count(where: \.isNewline)
            rest = rest[open.upperBound...]
            let closing = rest.first == "{" ? "}}}" : "}}"
            guard let close = rest.firstRange(of: closing) else {
                tags.append(TemplateTag(kind: .unfinished, name: "", line: line))
                return tags
            }
            let inside = rest[..<close.lowerBound]
            tags.append(TemplateTag(inside, line: line))
            line += inside.count(where: \.isNewline)
            rest = rest[close.upperBound...]
        }
        return tags
    }

    private init(kind: Kind, name: String, line: Int) {
        self.kind = kind
        self.name = name
        self.line = line
    }

    private init(_ inside: Substring, line: Int) {
        let kind: Kind
        switch inside.first {
        case "#", "^": kind = .open
        case "/": kind = .close
        case "!": kind = .comment
        case "{", "&": kind = .value
        case ">", "<", "$", "=", "%": kind = .other
        default:
            self.init(kind: .value, name: Self.trimmed(inside), line: line)
            return
        }
        self.init(kind: kind, name: Self.trimmed(inside.dropFirst()), line: line)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
