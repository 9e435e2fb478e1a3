import Domain
import ScriptProtocol
import Scripting

/// The arguments of one call of the host, checked one by one.
struct HostArguments {
    let name: String
    let values: [ScriptValue]

    init(_ call: HostCall) {
        name = "host.\(call.name)"
        if case .list(let values) = call.arguments { self.values = values } else { values = [] }
    }

    func value(_ index: Int) -> ScriptValue { index < values.count ? values[index] : .null }

    func text(_ index: Int, _ what: String) throws(HostError) -> String {
        guard case .string(let text) = value(index) else {
            throw .misuse("\(name): \(what) is \(value(index).inWords); expected a text")
        }
        return text
    }

    /// The one table that the call takes.
    func options(_ example: String) throws(HostError) -> HostOptions {
        guard case .table(let fields) = value(0), values.count == 1 else {
            throw .misuse("\(name) is given \(value(0).inWords); expected one table, such as \(example)")
        }
        return HostOptions(name: name, fields: fields)
    }
}

/// The fields of a call's one table; `end` refuses those that nobody asked for.
final class HostOptions {
    let name: String
    private let fields: [ScriptValue.Field]
    private var asked: Set<String> = []

    init(name: String, fields: [ScriptValue.Field]) {
        self.name = name
        self.fields = fields
    }

    subscript(_ key: String) -> ScriptValue? {
        asked.insert(key)
        return fields.first { $0.key == key }?.value
    }

    func text(_ key: String) throws(HostError) -> String? {
        switch self[key] {
        case nil: return nil
        case .string(let text)?: return text
        case let other?: throw wrong(key, other, "a text")
        }
    }

    func required(_ key: String) throws(HostError) -> String {
        guard let text = try text(key), !text.isEmpty else { throw .misuse("\(name) needs \(key), a text") }
        return text
    }

    func texts(_ key: String) throws(HostError) -> [String] {
        switch self[key] {
        case nil: return []
        case .table(let fields)? where fields.isEmpty: return []
        case .list(let items)?:
            var texts: [String] = []
            for item in items {
                switch item {
                case .string(let text): texts.append(text)
                case .integer, .number: texts.append(item.inWords)
                default: throw wrong(key, item, "a list of texts")
                }
            }
            return texts
        case let other?: throw wrong(key, other, "a list of texts")
        }
    }

    /// Names with their texts.
    func settings(_ key: String) throws(HostError) -> [(name: String, value: String)] {
        switch self[key] {
        case nil: return []
        case .list(let items)? where items.isEmpty: return []
        case .table(let fields)?:
            var settings: [(String, String)] = []
            for field in fields {
                switch field.value {
                case .string(let text): settings.append((field.key, text))
                case .integer, .number, .bool: settings.append((field.key, field.value.inWords))
                default: throw wrong("\(key).\(field.key)", field.value, "a text")
                }
            }
            return settings
        case let other?: throw wrong(key, other, "a table of texts")
        }
    }

    /// Seconds, within bounds.
    func seconds(_ key: String, default fallback: Double, upTo most: Double) throws(HostError) -> Duration {
        guard let value = self[key] else { return .milliseconds(Int64(fallback * 1000)) }
        guard let seconds = value.asNumber, seconds > 0, seconds <= most else {
            throw wrong(key, value, "seconds, above 0 and at most \(NumberText.plain(most))")
        }
        return .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }

    func end() throws(HostError) {
        let known = asked.sorted()
        for field in fields where !asked.contains(field.key) {
            let hint = NearestWord.find(field.key, among: known).map { " (did you mean \($0)?)" } ?? ""
            throw .misuse("\(name) has no option \(field.key); known: \(known.joined(separator: ", "))\(hint)")
        }
    }

    func wrong(_ key: String, _ value: ScriptValue, _ expected: String) -> HostError {
        .misuse("\(name): \(key) is \(value.inWords); expected \(expected)")
    }
}

extension ScriptValue {
    /// A table of named values, sorted as the protocol wants it; what is nil is left out.
    static func record(_ fields: [(String, ScriptValue?)]) -> ScriptValue {
        .table(
            fields.compactMap { name, value in value.map { Field(name, $0) } }
                .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        )
    }

    subscript(_ key: String) -> ScriptValue? {
        guard case .table(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }
}
