import Domain
package import ScriptProtocol

/// A policy: the script that proposes, and which functions it has.
package struct Policy: Hashable, Sendable {
    package var name: String
    package var script: ScriptSource
    /// What its `require` may find.
    package var modules: [String: ScriptSource]
    package var hasMergeHook: Bool
    package var hasMixHook: Bool

    package init(
        name: String,
        script: ScriptSource,
        modules: [String: ScriptSource] = [:],
        hasMergeHook: Bool = false,
        hasMixHook: Bool = false
    ) {
        self.name = name
        self.script = script
        self.modules = modules
        self.hasMergeHook = hasMergeHook
        self.hasMixHook = hasMixHook
    }
}

extension Policy {
    /// Reads a policy's table: its name, `propose`, and the hooks it may have.
    init?(_ value: ScriptValue, file: DefinitionFile, modules: [String: ScriptSource], findings: Findings) {
        let reader = TableReader(value, in: file, findings: findings)
        let name = reader.definitionName("policy")
        let proposes = reader.function("propose")
        let merges = reader.function("merge")
        let mixes = reader.function("choose_persona")
        if !reader.has("propose") {
            reader.missing("propose", "a policy proposes: function policy.propose(ctx) … end")
        }
        reader.end()
        guard let name, proposes else { return nil }
        self.init(name: name, script: file.source, modules: modules, hasMergeHook: merges, hasMixHook: mixes)
    }
}

extension TableReader {
    fileprivate func function(_ key: String) -> Bool {
        switch raw(key) {
        case nil: return false
        case .function?: return true
        case let other?:
            mismatch(key, expected: "a function", found: other)
            return false
        }
    }
}
