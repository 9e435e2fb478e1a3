import Domain
package import ScriptProtocol

/// Reads one table of a definition into typed values and collects what is wrong with it.
///
/// Every question names its key; `end` then reports the keys that nobody asked for. A question about a key that is missing
/// answers nil without an error, one about a wrong value answers nil with one, so that a decoder reads on and all errors of a file
/// are found in one run.
struct TableReader {
    let file: DefinitionFile
    let path: LuaPath
    let findings: Findings
    private let fields: [ScriptValue.Field]
    private let asked = AskedKeys()

    init(_ value: ScriptValue, at path: LuaPath = .root, in file: DefinitionFile, findings: Findings) {
        self.file = file
        self.path = path
        self.findings = findings
        if case .table(let fields) = value { self.fields = fields } else { fields = [] }
    }

    /// Keys in their order, which is sorted.
    var keys: [String] { fields.map(\.key).filter { !$0.hasPrefix("@") } }

    func has(_ key: String) -> Bool { raw(key) != nil }

    // MARK: Values

    func raw(_ key: String) -> ScriptValue? {
        asked.keys.append(key)
        return peek(key)
    }

    func string(_ key: String) -> String? {
        guard let value = raw(key) else { return nil }
        if case .string(let text) = value { return text }
        mismatch(key, expected: "a text", found: value)
        return nil
    }

    /// A number that `isAllowed`; `expected` says in words which ones are.
    func number(_ key: String, expected: String, where isAllowed: (Double) -> Bool) -> Double? {
        guard let value = raw(key) else { return nil }
        guard let number = value.asNumber, isAllowed(number) else {
            mismatch(key, expected: expected, found: value)
            return nil
        }
        return number
    }

    func integer(_ key: String, expected: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = raw(key) else { return nil }
        guard let number = value.asInteger, range.contains(number) else {
            mismatch(key, expected: expected, found: value)
            return nil
        }
        return number
    }

    func boolean(_ key: String) -> Bool? {
        guard let value = raw(key) else { return nil }
        if case .bool(let flag) = value { return flag }
        mismatch(key, expected: "true or false", found: value)
        return nil
    }

    /// One of the words that `Choice` knows.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) -> Choice? where Choice.RawValue == String {
        guard let value = raw(key) else { return nil }
        let words = Choice.allCases.map(\.rawValue)
        let expected = "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        guard case .string(let word) = value else {
            mismatch(key, expected: expected, found: value)
            return nil
        }
        if let choice = Choice(rawValue: word) { return choice }
        error(key, "\(path.key(key)) is \"\(word)\"; expected \(expected)", nearest: word, of: words)
        return nil
    }

    /// A quantity as people write it, by a parser that says itself what is wrong.
    func quantity<Value>(_ key: String, _ parse: (ScriptValue) throws(WrongQuantity) -> Value) -> Value? {
        guard let value = raw(key) else { return nil }
        do {
            return try parse(value)
        } catch {
            self.error(key, "\(path.key(key)): \(error.description)")
            return nil
        }
    }

    // MARK: Tables and lists

    /// A table with named keys; an empty one also where Lua cannot tell it from a list.
    func table(_ key: String, expected: String = "a table") -> TableReader? {
        guard let value = raw(key) else { return nil }
        switch value {
        case .table, .list([]):
            return TableReader(value, at: path.key(key), in: file, findings: findings)
        default:
            mismatch(key, expected: expected, found: value)
            return nil
        }
    }

    /// The items of a list with the place of each.
    func list(_ key: String, expected: String) -> [(value: ScriptValue, path: LuaPath)]? {
        guard let value = raw(key) else { return nil }
        switch value {
        case .list(let items):
            return items.enumerated().map { ($1, path.key(key).item($0 + 1)) }
        case .table([]):
            return []
        default:
            mismatch(key, expected: expected, found: value)
            return nil
        }
    }

    /// A list of names, each at most once, with the place of each.
    func names(_ key: String, of what: String) -> [PlacedName]? {
        guard let items = list(key, expected: "a list of \(what) names") else { return nil }
        var names: [PlacedName] = []
        for (value, place) in items {
            guard case .string(let name) = value else {
                findings.error(
                    file,
                    at: file.map.line(of: place),
                    "\(place) is \(value.inWords); expected the name of a \(what)"
                )
                continue
            }
            if names.contains(where: { $0.name == name }) {
                findings.error(
                    file,
                    at: file.map.line(of: place),
                    "\(place): \(what) \"\(name)\" is named twice; remove one"
                )
                continue
            }
            names.append(PlacedName(name: name, line: file.map.line(of: place), path: place))
        }
        return names
    }

    // MARK: Errors

    /// Reports every key that no question named.
    func end() {
        for key in keys where !asked.keys.contains(key) {
            let line = file.map.line(ofKey: path.key(key))
            let known = Set(asked.keys.filter { !$0.hasPrefix("@") }).sorted()
            findings.error(
                file,
                at: line,
                "unknown key \(path.key(key)); "
                    + (known.isEmpty ? "none is known here" : "known here: \(known.joined(separator: ", "))"),
                nearest: key,
                of: known
            )
        }
    }

    /// The line that `key` is written on; that of the table where it is missing.
    func line(_ key: String) -> Int { file.map.line(of: path.key(key)) }

    func missing(_ key: String, _ hint: String) {
        findings.error(file, at: file.map.line(of: path), "\(path.key(key)) is missing; \(hint)")
    }

    func error(_ key: String, _ message: String, nearest word: String? = nil, of words: [String] = []) {
        findings.error(file, at: line(key), message, nearest: word, of: words)
    }

    func mismatch(_ key: String, expected: String, found: ScriptValue) {
        error(key, "\(path.key(key)) is \(found.inWords); expected \(expected)")
    }

    private func peek(_ key: String) -> ScriptValue? {
        fields.first { $0.key == key }?.value
    }
}

/// A name and where it was written, for errors about what it names.
struct PlacedName: Sendable {
    let name: String
    let line: Int
    let path: LuaPath
}

/// The keys that a reader was asked for; shared by copies of the reader.
private final class AskedKeys {
    var keys: [String] = []
}

extension ScriptValue {
    package var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }

    /// A whole number; `3.0` is one.
    package var asInteger: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// What a person would call it: `"blue"`, `12`, `a table`.
    package var inWords: String {
        switch self {
        case .null: "nil"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .string(let text) where text.count <= 60: "\"\(text)\""
        case .string(let text): "\"\(text.prefix(57))…\""
        case .list(let items): items.isEmpty ? "an empty table" : "a list"
        case .table(let fields): fields.isEmpty ? "an empty table" : "a table"
        case .numbers: "a list of numbers"
        case .function: "a function"
        }
    }
}
