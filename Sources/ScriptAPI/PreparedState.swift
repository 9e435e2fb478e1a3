import LuaSandbox
import ScriptProtocol

/// A state with its globals and what its mode has, made before it is known for which run, and made again after each by putting its memory
/// back: to build it takes longer than a small run.
///
/// All runs begin with one of these, whether made ahead or not, so that what a run uses does not hang on that.
final class PreparedState {
    let state: LuaState
    let kind: Kind
    /// Makes `ctx` of the input, where policies are called.
    private(set) var context: LuaState.Value?
    private let subject: Subject

    /// What a run must have in common with the one that a state was made for.
    struct Kind: Equatable {
        let limits: ScriptLimits
        let isCall: Bool

        init(_ request: ScriptRequest) {
            limits = request.limits
            isCall = request.mode == .call
        }
    }

    /// What its functions see of the run, from when there is one.
    final class Subject {
        fileprivate var modules: [String: ScriptSource] = [:]
        fileprivate(set) var session: PolicySession?

        func looking() throws(APIError) -> PolicySession {
            guard let session else { throw .wrong("there is nothing to look at yet") }
            return session
        }
    }

    init(_ kind: Kind, compiler: LuaCompiler, prelude: PreludeCode) throws(LuaFailure) {
        let subject = Subject()
        let limits = kind.limits
        self.subject = subject
        self.kind = kind
        state = try LuaState(limits: limits, seed: 0) { name throws(LuaFailure) in
            guard let module = subject.modules[name] else {
                throw LuaFailure(kind: .raised, message: Self.unknownModule(name, known: subject.modules.keys.sorted()))
            }
            return try compiler.code(module, limits: limits)
        }
        try openGlobals(prelude)
        if kind.isCall {
            context = try state.evaluate(try state.load(prelude.policy), [try state.policyHost(subject)])
        }
        state.keep()
    }

    /// Makes it what it was when it was made, for another run.
    ///
    /// - Returns: false where that is not possible.
    func rewind() -> Bool {
        subject.modules = [:]
        return state.rewind()
    }

    /// Gives it to a run.
    func begin(_ request: ScriptRequest) {
        subject.modules = request.modules
        state.begin(seed: UInt64(bitPattern: request.input["seed"]?.integer ?? 0))
    }

    /// What a called policy sees.
    func open(_ session: PolicySession) { subject.session = session }

    /// The run is over. What asks the host must not be held any longer.
    func close() {
        subject.session = nil
        state.end()
    }

    /// What every script may call: proposals and constructors.
    private func openGlobals(_ prelude: PreludeCode) throws(LuaFailure) {
        let host = try state.hostTable([
            (
                "propose",
                ScriptRun.checked { [subject] call throws(APIError) in
                    guard let name = call.arguments.first?.string else { throw .wrong("there is no such proposal") }
                    return try Proposals.make(
                        name,
                        Array(call.arguments.dropFirst()),
                        personas: subject.session?.personas.map(\.name) ?? []
                    )
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
