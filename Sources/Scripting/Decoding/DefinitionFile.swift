import ScriptProtocol

/// One script as it was read: its name in errors, its bytes, and where each key stands.
struct DefinitionFile: Sendable {
    /// `policies/fleets/storefront.lua`.
    let name: String
    let source: ScriptSource
    let map: LuaSourceMap

    init(source: ScriptSource) {
        name = source.name
        self.source = source
        map = LuaSourceMap(source.bytes)
    }

    var stem: String { source.stem }
}

extension ScriptSource {
    /// `storefront` of `policies/fleets/storefront.lua`.
    var stem: String {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        return last.hasSuffix(".lua") ? String(last.dropLast(4)) : last
    }
}
