import LuaSandbox
import ScriptProtocol

/// A state with its globals, made before it is known for which run: that is half of the time of a small one, and nobody waits for it
/// while a worker is idle.
///
/// All runs begin with one of these, whether made ahead or not, so that what a run uses does not hang on that.
final class PreparedState {
    let state: LuaState
    let limits: ScriptLimits
    private let subject: Subject

    /// What its functions see of the run, from when there is one.
    private final class Subject {
        var modules: [String: ScriptSource] = [:]
        var personas: [String] = []
    }

    init(limits: ScriptLimits, compiler: LuaCompiler, prelude: PreludeCode) throws(LuaFailure) {
        let subject = Subject()
        self.subject = subject
        self.limits = limits
        state = try LuaState(limits: limits, seed: 0) { name throws(LuaFailure) in
            guard let module = subject.modules[name] else {
                throw LuaFailure(kind: .raised, message: Self.unknownModule(name, known: subject.modules.keys.sorted()))
            }
            return try compiler.code(module, limits: limits)
        }
        try openGlobals(prelude)
    }

    /// Gives it to a run.
    func begin(_ request: ScriptRequest) {
        subject.modules = request.modules
        state.begin(seed: UInt64(bitPattern: request.input["seed"]?.integer ?? 0))
    }

    /// What proposals may name.
    func offer(personas: [String]) { subject.personas = personas }

    /// What every script may call: proposals and constructors.
    private func openGlobals(_ prelude: PreludeCode) throws(LuaFailure) {
        let host = try state.hostTable([
            (
                "propose",
                ScriptRun.checked { [subject] call throws(APIError) in
                    guard let name = call.arguments.first?.string else { throw .wrong("there is no such proposal") }
                    return try Proposals.make(name, Array(call.arguments.dropFirst()), personas: subject.personas)
                }
            ),
            (
                "define",
                ScriptRun.checked { call throws(APIError) in
                    try Definitions.check(call.arguments)
                    return .integer(Int64(call.line ?? 1))
                }
            ),
        ])
        _ = try state.call(try state.load(prelude.globals), [host, .globals], results: 0)
    }

    private static func unknownModule(_ name: String, known: [String]) -> String {
        let there = known.isEmpty ? "there is none in policies/lib" : "there is \(known.joined(separator: ", "))"
        return "require finds no module \(Text.quoted(name)); only what lies in policies/lib can be required: \(there)"
    }
}
