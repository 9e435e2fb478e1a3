import LuaSandbox
import ScriptProtocol

/// A state with its globals, what its mode has and the code of a script, for run after run of that: after each it is made again by putting
/// its memory back, for to build it takes longer than a small run.
///
/// All runs begin with one of these, whether it was used before or not, so that what a run uses does not hang on that.
final class PreparedState {
    let state: LuaState
    let kind: Kind
    /// The script, loaded and not run; or why that cannot be, which is its first run's failure.
    let code: Result<LuaState.Value, LuaFailure>
    /// `ctx`, where policies are called.
    let context: LuaState.Value?
    private let subject: Subject

    /// What a run must have in common with the one that a state was made for.
    struct Kind: Equatable {
        let limits: ScriptLimits
        let mode: ScriptRequest.Mode
        let script: ScriptSource

        init(_ request: ProgramRun, of program: ScriptProgram) {
            limits = request.limits
            mode = request.mode
            script = program.script
        }

        /// Whether there will be another run like it soon: files are read and tested once, policies and drivers are called all the time.
        var isFrequent: Bool { mode == .call || mode == .drive }
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
        try Self.openGlobals(of: state, prelude, subject)
        context =
            kind.mode == .call
            ? try state.evaluate(try state.load(prelude.policy), [try state.policyHost(subject)]) : nil
        do throws(LuaFailure) {
            code = .success(try state.load(try compiler.code(kind.script, limits: limits)))
            if kind.isFrequent { state.keep() }
        } catch {
            code = .failure(error)
        }
    }

    /// Makes it what it was when it was made, for another run.
    ///
    /// - Returns: false where that is not possible.
    func rewind() -> Bool {
        subject.modules = [:]
        return state.rewind()
    }

    /// Gives it to a run, which is over before `input` is gone.
    func begin(_ program: ScriptProgram, seed: UInt64, input: UnsafeRawBufferPointer) {
        subject.modules = program.modules
        state.begin(seed: seed, input: input)
    }

    /// What a called policy sees.
    func open(_ session: PolicySession) { subject.session = session }

    /// The run is over. What asks the host must not be held any longer.
    func close() {
        subject.session = nil
        state.end()
    }

    /// What every script may call: proposals and constructors.
    private static func openGlobals(
        of state: LuaState,
        _ prelude: PreludeCode,
        _ subject: Subject
    ) throws(LuaFailure) {
        let host = try state.hostTable([
            (
                "propose",
                ScriptRun.checked { call throws(APIError) in
                    guard let name = call.arguments.first?.string else { throw .wrong("there is no such proposal") }
                    return try Proposals.make(name, Array(call.arguments.dropFirst())) {
                        subject.session?.personas.map(\.name) ?? []
                    }
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
