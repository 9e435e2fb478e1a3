import ScriptProtocol

/// The modules of `policies/lib`, and which of them a script can reach.
struct Modules: Sendable {
    /// By the name that `require` takes: `lib.hours`.
    let all: [String: ScriptSource]
    /// What each one requires itself.
    private let requires: [String: [String]?]

    init(_ sources: [ScriptSource]) {
        var all: [String: ScriptSource] = [:]
        for source in sources { all[Self.name(of: source.name)] = source }
        self.all = all
        requires = all.mapValues { Self.required(by: $0) }
    }

    /// `policies/lib/a/b.lua` → `lib.a.b`.
    static func name(of file: String) -> String {
        var path = file.hasPrefix("policies/") ? String(file.dropFirst("policies/".count)) : file
        if path.hasSuffix(".lua") { path.removeLast(4) }
        return path.split(separator: "/").joined(separator: ".")
    }

    /// The modules that a script requires, and those that they require; all of them where it computes a name.
    func needed(by script: ScriptSource) -> [String: ScriptSource] {
        guard !all.isEmpty, var waiting = Self.required(by: script) else { return all }
        var needed: [String: ScriptSource] = [:]
        while let name = waiting.popLast() {
            guard needed[name] == nil, let source = all[name] else { continue }
            needed[name] = source
            guard let next = requires[name] ?? nil else { return all }
            waiting += next
        }
        return needed
    }

    /// Names in `require("…")`; nil where one is no literal.
    private static func required(by script: ScriptSource) -> [String]? {
        let tokens = LuaTokenizer.tokens(of: script.bytes)
        var names: [String] = []
        for i in tokens.indices where tokens[i].isName("require") {
            let next = i + 1 < tokens.count ? tokens[i + 1] : nil
            let literal = next?.isSymbol("(") == true ? i + 2 : i + 1
            guard literal < tokens.count, case .string(let name) = tokens[literal].kind else { return nil }
            names.append(name)
        }
        return names
    }
}
