import LuaSandbox

/// The chunks of the prelude, compiled once.
struct PreludeCode {
    let globals: LuaCode
    let policy: LuaCode
    let collecting: LuaCode
    let testing: LuaCode
    let driving: LuaCode

    init() throws(LuaFailure) {
        globals = try LuaCompiler.internalCode(Prelude.globals, name: Prelude.chunkName)
        policy = try LuaCompiler.internalCode(Prelude.policy, name: Prelude.chunkName)
        collecting = try LuaCompiler.internalCode(Prelude.collecting, name: Prelude.chunkName)
        testing = try LuaCompiler.internalCode(Prelude.testing, name: Prelude.chunkName)
        driving = try LuaCompiler.internalCode(Prelude.driving, name: Prelude.chunkName)
    }
}
