/// Why an answer of the server is no plan.
package struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}

extension CollectionPlan {
    static let mostKPIs = 1000
    static let intervals = 1...3600

    /// The plan in `json`, and a line for each KPI that was left out.
    package static func decode(_ json: [UInt8]) throws(PlanError) -> (plan: CollectionPlan, omitted: [String]) {
        let document: JSONValue
        do {
            document = try JSONParser.parse(json)
        } catch {
            throw PlanError("the plan is no JSON: \(error)")
        }
        let fields = try PlanFields(document, in: "the plan")
        let interval = try fields.number("interval_s") ?? 10
        guard let seconds = Int(exactly: interval), intervals.contains(seconds) else {
            throw PlanError("the plan: interval_s is \(interval), expected a whole number from 1 to 3600")
        }
        let entries = try fields.array("kpis")
        guard entries.count <= mostKPIs else {
            throw PlanError("the plan asks for \(entries.count) KPIs, at most \(mostKPIs) are taken")
        }
        var plan = CollectionPlan(
            resource: try fields.text("resource"),
            fleet: try fields.text("fleet"),
            // Of a resource that plays none, the fleet's demand is asked for all the same.
            persona: try fields.optionalText("persona") ?? "",
            intervalSeconds: seconds,
            kpis: []
        )
        var omitted: [String] = []
        var names: Set<String> = []
        for (index, entry) in entries.enumerated() {
            do throws(PlanError) {
                let request = try KPIRequest(entry, in: "kpis[\(index)]")
                guard names.insert(request.name).inserted else {
                    throw PlanError("kpis[\(index)]: “\(request.name)” is asked for twice")
                }
                plan.kpis.append(request)
            } catch {
                omitted.append(error.description)
            }
        }
        return (plan, omitted)
    }
}

extension KPIRequest {
    fileprivate init(_ value: JSONValue, in place: String) throws(PlanError) {
        let fields = try PlanFields(value, in: place)
        name = try fields.text("name")
        switch try fields.text("source") {
        case "system":
            guard let kpi = SystemKPI(rawValue: name) else {
                let known = SystemKPI.allCases.map(\.rawValue).joined(separator: ", ")
                throw PlanError("\(place): this agent cannot measure “\(name)” by itself; it measures \(known)")
            }
            source = .system(kpi)
        case "scrape":
            source = .scrape(try ScrapeRule(fields))
        case let other:
            throw PlanError("\(place): source is “\(other)”, expected system or scrape")
        }
    }
}

extension ScrapeRule {
    fileprivate init(_ fields: PlanFields) throws(PlanError) {
        metric = try fields.text("metric")
        scale = try fields.number("scale") ?? 1
        match = try fields.labels("match")
        switch try fields.optionalText("kind") ?? "gauge" {
        case "gauge":
            let word = try fields.optionalText("aggregate") ?? "sum"
            guard let aggregate = Aggregate(rawValue: word) else {
                throw PlanError("\(fields.place): aggregate is “\(word)”, expected sum, mean, min or max")
            }
            kind = .gauge(aggregate)
        case "rate":
            kind = .rate
        case "ratio":
            kind = .ratio(per: try fields.text("per"))
        case "quantile":
            guard let quantile = try fields.number("quantile"), (0...1).contains(quantile) else {
                throw PlanError("\(fields.place): a quantile needs a number from 0 to 1 in “quantile”")
            }
            kind = .quantile(quantile)
        case let other:
            throw PlanError("\(fields.place): kind is “\(other)”, expected gauge, rate, ratio or quantile")
        }
    }
}

/// The members of an object, read by key and kind.
private struct PlanFields {
    let place: String
    private let members: [String: JSONValue]

    init(_ value: JSONValue, in place: String) throws(PlanError) {
        guard case .object(let members) = value else {
            throw PlanError("\(place): found \(value.kind), expected an object")
        }
        self.place = place
        self.members = members
    }

    private func mismatch(_ key: String, _ expected: String) -> PlanError {
        let found = members[key]?.kind ?? "nothing"
        return PlanError("\(place): “\(key)” is \(found), expected \(expected)")
    }

    func optionalText(_ key: String) throws(PlanError) -> String? {
        switch members[key] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw mismatch(key, "a string")
        }
    }

    func text(_ key: String) throws(PlanError) -> String {
        guard let text = try optionalText(key), !text.isEmpty else { throw mismatch(key, "a string") }
        return text
    }

    func number(_ key: String) throws(PlanError) -> Double? {
        switch members[key] {
        case nil, .null?: return nil
        case .number(let number)?: return number
        default: throw mismatch(key, "a number")
        }
    }

    func array(_ key: String) throws(PlanError) -> [JSONValue] {
        guard case .array(let elements)? = members[key] else { throw mismatch(key, "an array") }
        return elements
    }

    func labels(_ key: String) throws(PlanError) -> [LabelMatch] {
        switch members[key] {
        case nil, .null?: return []
        case .object(let labels)?:
            var matches: [LabelMatch] = []
            for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
                guard case .string(let text) = value else { throw mismatch(key, "an object of strings") }
                matches.append(LabelMatch(name: name, value: text))
            }
            return matches
        default: throw mismatch(key, "an object of strings")
        }
    }
}
