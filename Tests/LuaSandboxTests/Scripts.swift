import ScriptProtocol
import Testing

@testable import LuaSandbox

/// Runs texts as scripts, each in a state of its own.
struct Scripts {
    static let file = "policies/scaling/x.lua"
    var limits = ScriptLimits(wallMilliseconds: 5000)
    var seed: UInt64 = 1
    var modules: [String: String] = [:]
    var globals: [(name: String, function: LuaState.HostFunction)] = []

    struct Ended {
        var value: ScriptValue?
        var failure: LuaFailure?
        var log: [String]
        var usage: ScriptUsage
    }

    /// How a script ends, whatever it does.
    func run(_ text: String, _ rules: LuaState.Rules = .result) throws -> Ended {
        let limits = limits
        let modules = modules
        let compiler = LuaCompiler()
        let state = try LuaState(limits: limits, seed: seed) { name throws(LuaFailure) in
            guard let text = modules[name] else {
                throw LuaFailure(kind: .raised, message: "there is no module \(name)")
            }
            return try compiler.code(
                ScriptSource(name: "policies/\(name).lua", bytes: Array(text.utf8)),
                limits: limits
            )
        }
        var ended = Ended(log: [], usage: ScriptUsage())
        do throws(LuaFailure) {
            let host = try state.hostTable(globals)
            let install = try LuaCompiler.internalCode(
                "local host, globals = ... for k, v in pairs(host) do globals[k] = v end",
                name: "=troupe"
            )
            _ = try state.call(try state.load(install), [host, .globals], results: 0)
            let code = try compiler.code(ScriptSource(name: Self.file, bytes: Array(text.utf8)), limits: limits)
            ended.value = try state.plain(try state.evaluate(try state.load(code)), rules, name: "result")
        } catch {
            ended.failure = error
        }
        ended.log = state.log
        ended.usage = state.usage
        return ended
    }

    /// What a script answers.
    func value(_ text: String) throws -> ScriptValue {
        let ended = try run(text)
        if let failure = ended.failure { throw failure }
        return try #require(ended.value)
    }

    /// What an expression answers.
    func expression(_ text: String) throws -> ScriptValue { try value("return \(text)") }

    /// What a script fails with.
    func failure(_ text: String) throws -> LuaFailure {
        let ended = try run(text)
        return try #require(ended.failure, "it ended well: \(String(describing: ended.value))")
    }
}
