import Domain

/// The query parameters of a request, checked against those that its route declares.
struct Query: Sendable {
    private var values: [String: String] = [:]

    init() {}

    /// - Throws: a problem that names every parameter that is unknown, given twice or not of its form.
    init(_ text: Substring, parameters: [Route.Parameter]) throws(Problem) {
        var findings: [Schema.Finding] = []
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(sides[0], plusIsSpace: true),
                let value = PercentCoding.decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
            else {
                findings.append(Schema.Finding(place: "query", message: "a broken percent escape, or not UTF-8"))
                continue
            }
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                findings.append(
                    .unknown("query parameter", name, of: parameters.map(\.name), at: String(name.prefix(60)))
                )
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                findings.append(Schema.Finding(place: name, message: "the parameter is given twice"))
            }
            if let finding = parameter.finding(value) { findings.append(finding) }
        }
        for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
            findings.append(Schema.Finding(place: parameter.name, message: "the parameter is missing"))
        }
        guard findings.isEmpty else {
            throw Problem(
                .badRequest,
                "The query cannot be used; each reason is among the errors.",
                findings: Array(findings.prefix(20))
            )
        }
    }

    var all: [String: String] { values }
    func string(_ name: String) -> String? { values[name] }
    func integer(_ name: String) -> Int64? { values[name].flatMap { Int64($0) } }
    func flag(_ name: String) -> Bool { values[name] == "true" }
    func instant(_ name: String) -> Timestamp? { values[name].flatMap { try? Timestamp(iso8601: $0) } }
    func duration(_ name: String) -> TimeSpan? { values[name].flatMap { try? Quantity.span($0) } }
    func labels(_ name: String) -> [Setting] { values[name].flatMap { LabelSelector($0)?.labels } ?? [] }
}

extension Route.Parameter {
    /// What is wrong with a value, nil where nothing is.
    func finding(_ text: String) -> Schema.Finding? {
        switch schema.resolved.kind {
        case .string(let form): return form.finding(text, at: name)
        case .boolean:
            if text == "true" || text == "false" { return nil }
            return Schema.Finding(place: name, message: "found \"\(text.prefix(40))\"; expected true or false")
        case .integer(let range):
            // "+1" is an integer to Swift, not to JSON.
            if let value = Int64(text), range?.contains(value) ?? true, !text.hasPrefix("+") { return nil }
            let bounds = range.map { " from \($0.lowerBound) to \($0.upperBound)" } ?? ""
            return Schema.Finding(
                place: name,
                message: "found \"\(text.prefix(40))\"; expected an integer\(bounds)"
            )
        default:
            return Schema.Finding(place: name, message: "the parameter has no form that a query can have")
        }
    }
}

extension Route.Parameter {
    static func optional(
        _ name: String,
        _ schema: Schema,
        _ about: String,
        standard: JSONValue? = nil
    ) -> Route.Parameter {
        Route.Parameter(name: name, schema: schema, about: about, standard: standard)
    }

    static func required(_ name: String, _ schema: Schema, _ about: String) -> Route.Parameter {
        Route.Parameter(name: name, schema: schema, about: about, isRequired: true)
    }

    static let dryRun = optional("dry_run", .boolean, "Say what would happen, change nothing.", standard: .bool(false))

    static func limit(_ standard: Int64, atMost maximum: Int64) -> Route.Parameter {
        optional("limit", .integer(1...maximum), "At most so many.", standard: .integer(standard))
    }

    static let cursor = optional(
        "cursor",
        .string(.digits),
        "Where to go on: `next` of the page before. Opaque."
    )

    /// The cursor of lists that are sorted by a text.
    static let textCursor = optional(
        "cursor",
        .string(.upTo(600)),
        "Where to go on: `next` of the page before. Opaque."
    )
}
