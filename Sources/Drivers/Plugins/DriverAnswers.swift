import Domain
import ScriptProtocol
import Scripting

/// What a plugin answered, decoded as an attack: whatever it is, it becomes a value that keeps the rules, or an error that names the one it
/// breaks.
struct DriverAnswers {
    let call: PluginCall
    let function: PluginFunction

    static let mostResources = 20_000
    static let mostLabels = 64
    static let longestID = 253
    static let longestText = 1000
    static let longestPageName = 8192

    private func broken(_ rule: DriverRule, _ what: String) -> DriverError {
        call.broken(rule, "\(function.rawValue) \(what)")
    }

    // MARK: describe

    /// One page of resources; `seen` holds the ids of the pages before.
    func resources(
        _ value: ScriptValue,
        seen: inout Set<String>,
        since: (String) -> Timestamp,
        defaultPersona: String
    ) throws(DriverError) -> [DescribedResource] {
        var resources: [DescribedResource] = []
        let earlier = seen
        for (index, item) in try list(value, "a list of resources").enumerated() {
            let resource = try resource(item, "resource \(index + 1)", since: since, defaultPersona: defaultPersona)
            let id = resource.resource.id
            guard seen.insert(id).inserted else {
                throw broken(.uniqueIDs, "answers \(id) \(earlier.contains(id) ? "on two pages" : "twice").")
            }
            guard seen.count <= Self.mostResources else {
                throw broken(.sizes, "answers more than \(Self.mostResources) resources.")
            }
            if resource.resource.state != .gone { resources.append(resource) }
        }
        return resources
    }

    /// What the driver calls the page behind this one, as it is given back; nil where there is none.
    ///
    /// Services count their pages, or name them.
    func nextPage(_ value: ScriptValue) throws(DriverError) -> ScriptValue? {
        switch value {
        case .null: return nil
        case .integer: return value
        case .number where value.asInteger != nil: return value
        case .string(let name):
            guard name.utf8.count <= Self.longestPageName else {
                throw broken(
                    .sizes,
                    "names the next page with \(name.utf8.count) bytes; expected at most \(Self.longestPageName)."
                )
            }
            return name.isEmpty ? nil : value
        default:
            throw broken(
                .shape,
                "answers \(value.inWords) as its second value; expected the next page's name or number, or nothing."
            )
        }
    }

    private static let resourceKeys: Set = [
        "configuration", "id", "key", "labels", "managed", "persona", "ready_at", "since", "state",
    ]

    private func resource(
        _ value: ScriptValue,
        _ name: String,
        since: (String) -> Timestamp,
        defaultPersona: String
    ) throws(DriverError) -> DescribedResource {
        guard case .table(let fields) = value else {
            throw broken(.shape, "answers \(value.inWords) as \(name); expected a table with id and state.")
        }
        for field in fields where !Self.resourceKeys.contains(field.key) {
            let known = Self.resourceKeys.sorted()
            let hint = NearestWord.find(field.key, among: known).map { " (did you mean \($0)?)" } ?? ""
            throw broken(
                .shape,
                "answers \(name) with the key \(field.key.prefix(60)); known: \(known.joined(separator: ", "))\(hint)."
            )
        }
        let id = try self.id(value["id"] ?? .null, "the id of \(name)")
        guard case .string(let word)? = value["state"], let state = ResourceState(rawValue: word) else {
            throw broken(
                .knownStates,
                "answers the state \((value["state"] ?? .null).inWords) of \(id); expected starting, ready, draining or gone."
            )
        }
        let key = try text(value["key"], "the key of \(id)")
        let managed: Bool
        switch value["managed"] {
        // What carries a key of this fleet was created by it; another fleet's may be on the same account.
        case nil: managed = key?.hasPrefix(call.fleet + "/") ?? false
        case .bool(let flag)?: managed = flag
        case let other?: throw broken(.shape, "answers managed = \(other.inWords) of \(id); expected true or false.")
        }
        let reported = try time(value["since"], "since of \(id)")
        let resource = Resource(
            id: id,
            labels: try labels(value["labels"], of: id),
            persona: try text(value["persona"], "the persona of \(id)") ?? defaultPersona,
            state: state,
            since: reported ?? since(id),
            managed: managed
        )
        return DescribedResource(
            resource: resource,
            key: key,
            readyAt: state == .ready ? try time(value["ready_at"], "ready_at of \(id)") : nil,
            configuration: try text(value["configuration"], "the configuration of \(id)"),
            isSinceKnown: reported != nil
        )
    }

    private func labels(_ value: ScriptValue?, of id: String) throws(DriverError) -> [Setting] {
        guard let value else { return [] }
        guard case .table(let fields) = value else {
            if case .list(let items) = value, items.isEmpty { return [] }
            throw broken(.shape, "answers labels of \(id) that are \(value.inWords); expected a table of texts.")
        }
        guard fields.count <= Self.mostLabels else {
            throw broken(.sizes, "answers \(fields.count) labels of \(id); expected at most \(Self.mostLabels).")
        }
        var labels: [Setting] = []
        for field in fields {
            guard field.key.utf8.count <= Self.longestID else {
                throw broken(.sizes, "answers a label of \(id) with a name of \(field.key.utf8.count) bytes.")
            }
            switch field.value {
            case .integer, .number, .bool: labels.append(Setting(name: field.key, value: field.value.inWords))
            default:
                labels.append(
                    Setting(name: field.key, value: try text(field.value, "label \(field.key) of \(id)") ?? "")
                )
            }
        }
        return labels
    }

    // MARK: provision, retire, precheck

    /// `{ ids = { … }, refused = 0, reason = "…" }`.
    func provisioned(_ value: ScriptValue, asked: Int) throws(DriverError) -> ProvisionResult {
        guard case .table(let fields) = value else {
            throw broken(.shape, "answers \(value.inWords); expected { ids = { … }, refused = 0, reason = … }.")
        }
        for field in fields where !["ids", "refused", "reason"].contains(field.key) {
            throw broken(.shape, "answers the key \(field.key.prefix(60)); known: ids, reason, refused.")
        }
        let ids = try self.ids(value["ids"] ?? .list([]))
        let refused: Int
        switch value["refused"] {
        case nil: refused = 0
        case let number?:
            guard let count = number.asInteger, count >= 0 else {
                throw broken(.countsAddUp, "answers refused = \(number.inWords); expected a count.")
            }
            refused = count
        }
        let (sum, overflow) = ids.count.addingReportingOverflow(refused)
        guard !overflow, sum == asked else {
            throw broken(
                .countsAddUp,
                "was asked for \(asked) and answers \(ids.count) ids and \(refused) refused; expected ids and refused to make up \(asked)."
            )
        }
        return ProvisionResult(ids: ids, refused: refused, reason: try text(value["reason"], "the reason"))
    }

    /// Ids of those that leave.
    func retired(_ value: ScriptValue, asked: [String]) throws(DriverError) -> [String] {
        let ids = try self.ids(value)
        let known = Set(asked)
        if let stranger = ids.first(where: { !known.contains($0) }) {
            throw broken(.retireSpares, "answers that \(stranger) leaves, which it was not told to retire.")
        }
        return ids
    }

    /// What stands in the way, in words.
    func objections(_ value: ScriptValue) throws(DriverError) -> [String] {
        if value == .null || value == .bool(true) { return [] }
        var objections: [String] = []
        for item in try list(value, "a list of objections, or nothing") {
            guard let objection = try text(item, "an objection") else { continue }
            objections.append(objection)
        }
        return objections
    }

    // MARK: Parts

    private func list(_ value: ScriptValue, _ expected: String) throws(DriverError) -> [ScriptValue] {
        switch value {
        case .list(let items):
            guard items.count <= Self.mostResources else { throw broken(.sizes, "answers a list of \(items.count).") }
            return items
        case .table(let fields) where fields.isEmpty: return []
        default: throw broken(.shape, "answers \(value.inWords); expected \(expected).")
        }
    }

    private func ids(_ value: ScriptValue) throws(DriverError) -> [String] {
        var ids: [String] = []
        var seen: Set<String> = []
        for item in try list(value, "a list of ids") {
            let id = try id(item, "an id")
            guard seen.insert(id).inserted else { throw broken(.uniqueIDs, "answers \(id) twice.") }
            ids.append(id)
        }
        return ids
    }

    /// Ids become labels, file names and parts of addresses.
    private func id(_ value: ScriptValue, _ name: String) throws(DriverError) -> String {
        guard case .string(let id) = value else {
            throw broken(.shape, "answers \(value.inWords) as \(name); expected a text.")
        }
        guard (1...Self.longestID).contains(id.utf8.count) else {
            throw broken(.sizes, "answers \(name) with \(id.utf8.count) bytes; expected 1 to \(Self.longestID).")
        }
        guard id.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw broken(.shape, "answers \(name) with blanks or control characters.")
        }
        return id
    }

    private func text(_ value: ScriptValue?, _ name: String) throws(DriverError) -> String? {
        switch value {
        case nil, .null?: return nil
        case .string(let text)?:
            guard text.utf8.count <= Self.longestText else {
                throw broken(
                    .sizes,
                    "answers \(name) with \(text.utf8.count) bytes; expected at most \(Self.longestText)."
                )
            }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw broken(.shape, "answers \(name) with control characters.")
            }
            return text
        case let other?: throw broken(.shape, "answers \(other.inWords) as \(name); expected a text.")
        }
    }

    /// Seconds since 1970.
    private func time(_ value: ScriptValue?, _ name: String) throws(DriverError) -> Timestamp? {
        guard let value else { return nil }
        guard let seconds = value.asNumber, seconds >= 0, seconds < 1e11 else {
            throw broken(.shape, "answers \(value.inWords) as \(name); expected seconds since 1970.")
        }
        return Timestamp(milliseconds: Int64(seconds * 1000))
    }
}
