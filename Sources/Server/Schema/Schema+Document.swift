extension Schema {
    /// Writes the schema as JSON Schema 2020-12, as OpenAPI 3.1 takes it. Named schemas become references; `names` collects them.
    ///
    /// - Parameter standard: what holds where the value is not given.
    func write(into writer: inout JSONWriter, names: inout [String: Schema], standard: JSONValue? = nil) {
        if case .named(let name, let schema) = kind {
            names[name] = schema
            return writeReference(to: name, into: &writer)
        }
        var collected = names
        writer.object { writer in
            if let about { writer.member("description") { $0.string(about) } }
            if case .any = kind { return }
            writer.member("type") { writer in
                if isNullable {
                    writer.array([typeName, "null"]) { $1.string($0) }
                } else {
                    writer.string(typeName)
                }
            }
            writeRules(into: &writer, names: &collected)
            if let standard { writer.member("default") { $0.value(standard) } }
        }
        names = collected
    }

    private func writeReference(to name: String, into writer: inout JSONWriter) {
        writer.object { writer in
            if let about { writer.member("description") { $0.string(about) } }
            func reference(_ writer: inout JSONWriter) {
                writer.member("$ref") { $0.string("#/components/schemas/\(name)") }
            }
            guard isNullable else { return reference(&writer) }
            writer.member("anyOf") { writer in
                writer.array([true, false]) { isReference, writer in
                    writer.object { writer in
                        if isReference { reference(&writer) } else { writer.member("type") { $0.string("null") } }
                    }
                }
            }
        }
    }

    private var typeName: String {
        switch kind {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .array: "array"
        case .object, .map, .named, .any: "object"
        }
    }

    private func writeRules(into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        switch kind {
        case .string(let form): form.write(into: &writer, isNullable: isNullable)
        case .integer(let range):
            if let range {
                writer.member("minimum") { $0.integer(range.lowerBound) }
                writer.member("maximum") { $0.integer(range.upperBound) }
            }
        case .number, .boolean, .named, .any: break
        case .array(let element, let maximum):
            writer.member("items") { element.write(into: &$0, names: &collected) }
            if let maximum { writer.member("maxItems") { $0.integer(maximum) } }
        case .map(let element, let maximum):
            writer.member("additionalProperties") { element.write(into: &$0, names: &collected) }
            if let maximum { writer.member("maxProperties") { $0.integer(maximum) } }
        case .object(let properties):
            writer.member("properties") { writer in
                writer.object { writer in
                    for property in properties {
                        writer.member(property.name) { property.schema.write(into: &$0, names: &collected) }
                    }
                }
            }
            let required = properties.filter(\.isRequired)
            if !required.isEmpty {
                writer.member("required") { $0.array(required) { $1.string($0.name) } }
            }
            writer.member("additionalProperties") { $0.bool(false) }
        }
        names = collected
    }
}

extension TextForm {
    fileprivate func write(into writer: inout JSONWriter, isNullable: Bool) {
        if let pattern { writer.member("pattern") { $0.string(pattern) } }
        switch self {
        case .upTo(let count): writer.member("maxLength") { $0.integer(count) }
        case .name:
            writer.member("minLength") { $0.integer(1) }
            writer.member("maxLength") { $0.integer(256) }
        case .prose(let count):
            writer.member("minLength") { $0.integer(1) }
            writer.member("maxLength") { $0.integer(count) }
        case .instant: writer.member("format") { $0.string("date-time") }
        case .moment:
            writer.member("anyOf") { writer in
                writer.array([("enum", "latest"), ("format", "date-time")]) { rule, writer in
                    writer.object { writer in
                        writer.member(rule.0) { writer in
                            if rule.0 == "enum" {
                                writer.array([rule.1]) { $1.string($0) }
                            } else {
                                writer.string(rule.1)
                            }
                        }
                        if rule.0 == "format" { writer.member("pattern") { $0.string(TextForm.instantPattern) } }
                    }
                }
            }
        case .choice(let choices):
            writer.member("enum") { writer in
                writer.array(choices.map(Optional.some) + (isNullable ? [nil] : [])) { choice, writer in
                    if let choice { writer.string(choice) } else { writer.null() }
                }
            }
        default: break
        }
    }
}
