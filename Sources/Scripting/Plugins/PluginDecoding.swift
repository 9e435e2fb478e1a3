import Domain
import ScriptProtocol

extension Plugin {
    /// Reads a driver's table.
    ///
    /// What is wrong is reported; a plugin with a fault is none.
    init?(_ value: ScriptValue, folder: String, file: DefinitionFile, findings: Findings) {
        let before = findings.count
        let reader = TableReader(value, in: file, findings: findings)
        let name = Self.readName(reader, folder: folder)
        let version = reader.string("version")
        if !reader.has("version") {
            reader.missing("version", "name this version of the driver, such as version = \"1.0.0\"")
        }
        let api = reader.integer(
            "api",
            expected: "the version of Troupe's driver API, \(Plugin.currentAPI)",
            in: 1...Plugin.currentAPI
        )
        if !reader.has("api") {
            reader.missing("api", "say which driver API it is written for: api = \(Plugin.currentAPI)")
        }
        let config = Self.readConfig(reader)
        // A key whose own description is wrong is there all the same.
        let unread = Set(reader.table("config")?.keys ?? []).subtracting(config.map(\.name))
        let needs = PluginNeeds(reader, config: config, unread: unread)
        let beforeAbilities = findings.count
        let abilities = Self.readAbilities(reader)
        let isRead = findings.count == beforeAbilities
        var functions: Set<PluginFunction> = []
        for function in PluginFunction.allCases {
            switch reader.raw(function.rawValue) {
            case .function?: functions.insert(function)
            case nil:
                if PluginFunction.required.contains(function) {
                    reader.missing(function.rawValue, "a driver has it: \(function.form)")
                }
            case let other?: reader.mismatch(function.rawValue, expected: "a function", found: other)
            }
        }
        let pairs = [(PluginAbility.configure, PluginFunction.configure), (.shadow, .shadow), (.precheck, .precheck)]
        for (ability, function) in pairs where abilities.contains(ability) && !functions.contains(function) {
            reader.error("can", "can says \"\(ability.rawValue)\", but there is no such function; add \(function.form)")
        }
        for (ability, function) in pairs where functions.contains(function) && !abilities.contains(ability) && isRead {
            reader.error(
                function.rawValue,
                "there is a function \(function.rawValue), but can does not say so; add \"\(ability.rawValue)\" to can"
            )
        }
        reader.end()
        guard findings.count == before, let name, let version, let api else { return nil }
        self.init(
            name: name,
            version: version,
            api: api,
            needs: needs,
            config: config,
            abilities: abilities,
            functions: functions,
            script: file.source
        )
    }

    /// That of its folder, so that a name tells where it is defined.
    private static func readName(_ reader: TableReader, folder: String) -> String? {
        guard reader.has("name") else {
            reader.missing("name", "give the driver the name of its folder, name = \"\(folder)\"")
            return nil
        }
        guard let name = reader.string("name") else { return nil }
        guard Names.isDefinition(name) else {
            reader.error("name", "name is \"\(name)\"; expected lower-case letters, digits, - and _, at most 63")
            return nil
        }
        if name != folder {
            reader.error(
                "name",
                "driver \"\(name)\" lies in plugins/\(folder); a folder is named after its driver, rename one of them"
            )
        }
        return name
    }

    private static func readAbilities(_ reader: TableReader) -> Set<PluginAbility> {
        var abilities: Set<PluginAbility> = []
        let words = PluginAbility.allCases.map(\.rawValue)
        for named in reader.names("can", of: "ability") ?? [] {
            if let ability = PluginAbility(rawValue: named.name) {
                abilities.insert(ability)
            } else {
                reader.findings.error(
                    reader.file,
                    at: named.line,
                    "can names \"\(named.name)\"; known: \(words.joined(separator: ", "))",
                    nearest: named.name,
                    of: words
                )
            }
        }
        return abilities
    }

    // MARK: Config

    private static func readConfig(_ reader: TableReader) -> [ConfigKey] {
        guard let table = reader.table("config", expected: "a table such as { url = \"string\" }") else { return [] }
        var config: [ConfigKey] = []
        for key in table.keys {
            guard Names.isKPI(key), !key.contains(":") else {
                table.nameError(key, "setting")
                continue
            }
            switch table.raw(key) {
            case .string(let word)?:
                if let kind = kind(word, key, table) { config.append(ConfigKey(key, kind.0, isRequired: !kind.1)) }
            case .table?:
                if let entry = table.table(key), let read = readKey(key, entry) { config.append(read) }
            case let other?:
                table.mismatch(
                    key,
                    expected: "a type such as \"string\", or { type = \"string\", default = … }",
                    found: other
                )
            case nil: break
            }
        }
        table.end()
        return config
    }

    private static func readKey(_ key: String, _ entry: TableReader) -> ConfigKey? {
        defer { entry.end() }
        let help = entry.string("help")
        let optional = entry.boolean("optional") ?? false
        guard entry.has("type") else {
            entry.missing("type", "say what it is, such as type = \"string\"")
            return nil
        }
        guard let word = entry.string("type"), let (kind, mark) = kind(word, "type", entry) else { return nil }
        var result = ConfigKey(key, kind, isRequired: !optional && !mark, help: help)
        if let fallback = entry.raw("default") {
            result.isRequired = false
            result.fallback = result.text(fallback)
            if result.fallback == nil { entry.mismatch("default", expected: result.expected, found: fallback) }
        }
        return result
    }

    /// `"string"`, or `"string?"` for one that may be left out.
    private static func kind(_ word: String, _ key: String, _ reader: TableReader) -> (ConfigKey.Kind, Bool)? {
        let isOptional = word.hasSuffix("?")
        let plain = isOptional ? String(word.dropLast()) : word
        if let kind = ConfigKey.Kind(rawValue: plain) { return (kind, isOptional) }
        let words = ConfigKey.Kind.allCases.map(\.rawValue)
        reader.error(
            key,
            "\(reader.path.key(key)) is \"\(word)\"; expected one of \(words.joined(separator: ", ")), with ? for one that may be left out",
            nearest: plain,
            of: words
        )
        return nil
    }

}

extension PluginNeeds {
    /// `unread` are keys of config that are reported already.
    fileprivate init(_ reader: TableReader, config: [ConfigKey], unread: Set<String>) {
        self.init()
        guard let table = reader.table("needs", expected: "a table such as { http = { \"https://*:6443\" } }") else {
            return
        }
        let keys = config.map(\.name)

        func texts(_ key: String, _ example: String) -> [(text: String, path: LuaPath)] {
            var texts: [(String, LuaPath)] = []
            for (value, path) in table.list(key, expected: "a list such as { \"\(example)\" }") ?? [] {
                if case .string(let text) = value, !text.isEmpty {
                    texts.append((text, path))
                } else {
                    table.findings.error(
                        table.file,
                        at: table.file.map.line(of: path),
                        "\(path) is \(value.inWords); expected a text such as \"\(example)\""
                    )
                }
            }
            return texts
        }
        func report(_ path: LuaPath, _ message: String, nearest: String? = nil) {
            table.findings.error(
                table.file,
                at: table.file.map.line(of: path),
                "\(path) \(message)",
                nearest: nearest,
                of: nearest == nil ? [] : keys
            )
        }
        /// `target.KEY` names a key of its own config that is a text.
        func check(_ key: String, _ path: LuaPath) -> Bool {
            guard let known = config.first(where: { $0.name == key }) else {
                if unread.contains(key) { return false }
                report(path, "names target.\(key), which is no key of config", nearest: key)
                return false
            }
            guard known.kind == .string else {
                report(path, "names target.\(key), which is \(known.expected); expected a key that is a text")
                return false
            }
            return true
        }
        func named(_ key: String, _ example: String, where isRight: (String) -> Bool = { _ in true }) -> [NamedNeed] {
            texts(key, example)
                .compactMap { text, path in
                    let need = NamedNeed(text)
                    switch need {
                    case .target(let key): return check(key, path) ? need : nil
                    case .name(let name):
                        if isRight(name) { return need }
                        report(
                            path,
                            "is \"\(name)\"; expected one such as \"\(example)\", or \"target.KEY\" for what a fleet's target names"
                        )
                        return nil
                    }
                }
        }

        for (text, path) in texts("http", "GET,POST https://*:6443") {
            guard let need = HTTPNeed(text) else {
                report(
                    path,
                    "is \"\(text)\"; expected [METHOD,… ]scheme://host[:port][/path] such as \"GET https://*:6443\", or \"target.KEY\""
                )
                continue
            }
            if case .target(let key) = need.address, !check(key, path) { continue }
            http.append(need)
        }
        exec = named("exec", "kubectl") { !$0.contains(" ") && (!$0.contains("/") || $0.hasPrefix("/")) }
        process = named("process", "target.command") { !$0.contains(" ") && (!$0.contains("/") || $0.hasPrefix("/")) }
        secrets = named("secrets", "kubernetes-token") { Names.isDefinition($0) }
        files = named("files", "state") {
            $0 == "state" || ($0.hasPrefix("/") && !$0.split(separator: "/").contains(".."))
        }
        tcp = named("tcp", "127.0.0.1:*") { text in
            guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return false }
            let port = text[text.index(after: colon)...]
            return port == "*" || (Int(port).map { (1...65535).contains($0) } ?? false)
        }
        table.end()
    }
}
