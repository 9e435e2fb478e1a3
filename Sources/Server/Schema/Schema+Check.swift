import Domain

extension Schema {
    /// One thing that is wrong with what was sent, and where.
    struct Finding: Sendable, Equatable {
        /// JSON pointer into the body (`/personas/0`), or the name of a parameter.
        var place: String
        var message: String
        /// The word that was probably meant.
        var suggestion: String?
    }

    /// Everything that is wrong with `value`; at most `limit` findings.
    func check(_ value: JSONValue, limit: Int = 20) -> [Finding] {
        var findings: [Finding] = []
        check(value, at: "", limit: limit, into: &findings)
        return findings
    }

    private func check(_ value: JSONValue, at place: String, limit: Int, into findings: inout [Finding]) {
        guard findings.count < limit else { return }
        func wrong(_ expected: String, suggestion: String? = nil) {
            findings.append(
                Finding(place: place, message: "found \(value.kind); expected \(expected)", suggestion: suggestion)
            )
        }
        if case .null = value, isNullable { return }
        switch kind {
        case .any: break
        case .named(_, let schema):
            schema.check(value, at: place, limit: limit, into: &findings)
        case .boolean:
            if value.bool == nil { wrong("true or false") }
        case .number:
            if value.number == nil { wrong("a number") }
        case .integer(let range):
            guard let number = value.integer else { return wrong("an integer") }
            if let range, !range.contains(number) {
                findings.append(
                    Finding(
                        place: place,
                        message: "found \(number); expected an integer from \(range.lowerBound) to \(range.upperBound)"
                    )
                )
            }
        case .string(let form):
            guard let text = value.string else { return wrong(form.expectation) }
            if let finding = form.finding(text, at: place) { findings.append(finding) }
        case .array(let element, let maximum):
            guard let values = value.array else { return wrong("an array") }
            if let maximum, values.count > maximum {
                findings.append(
                    Finding(place: place, message: "found \(values.count) elements; expected at most \(maximum)")
                )
            }
            for (index, value) in values.enumerated() {
                element.check(value, at: "\(place)/\(index)", limit: limit, into: &findings)
            }
        case .map(let element, let maximum):
            guard let members = value.members else { return wrong("an object") }
            if let maximum, members.count > maximum {
                findings.append(
                    Finding(place: place, message: "found \(members.count) members; expected at most \(maximum)")
                )
            }
            for member in members {
                element.check(
                    member.value,
                    at: "\(place)/\(Self.escaped(member.name))",
                    limit: limit,
                    into: &findings
                )
            }
        case .object(let properties):
            guard let members = value.members else { return wrong("an object") }
            check(members, against: properties, at: place, limit: limit, into: &findings)
        }
    }

    private func check(
        _ members: [JSONValue.Member],
        against properties: [Property],
        at place: String,
        limit: Int,
        into findings: inout [Finding]
    ) {
        let known = properties.map(\.name)
        for member in members {
            let inner = "\(place)/\(Self.escaped(member.name))"
            guard let property = properties.first(where: { $0.name == member.name }) else {
                guard findings.count < limit else { return }
                findings.append(.unknown("member", member.name, of: known, at: inner))
                continue
            }
            property.schema.check(member.value, at: inner, limit: limit, into: &findings)
        }
        for property in properties where property.isRequired && !members.contains(where: { $0.name == property.name }) {
            guard findings.count < limit else { return }
            findings.append(Finding(place: "\(place)/\(property.name)", message: "the member is missing"))
        }
    }

    /// As JSON Pointer wants it (RFC 6901), shortened where it is long.
    private static func escaped(_ name: String) -> String {
        name.prefix(100)
            .reduce(into: "") { text, character in
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.append(character)
                }
            }
    }
}

extension Schema.Finding {
    static func unknown(_ what: String, _ word: String, of known: [String], at place: String) -> Schema.Finding {
        Schema.Finding(
            place: place,
            message: "unknown \(what) \"\(word.prefix(60))\"; known are "
                + (known.isEmpty ? "none" : known.joined(separator: ", ")),
            suggestion: NearestWord.find(word, among: known)
        )
    }
}

extension TextForm {
    /// What is wrong with a text, nil where nothing is.
    func finding(_ text: String, at place: String) -> Schema.Finding? {
        guard !accepts(text) else { return nil }
        let shown = text.unicodeScalars.count <= 60 ? text : "\(text.prefix(50))…"
        var suggestion: String?
        if case .choice(let choices) = self { suggestion = NearestWord.find(text, among: choices) }
        return Schema.Finding(
            place: place,
            message: "found \"\(shown)\"; expected \(expectation)",
            suggestion: suggestion
        )
    }
}
