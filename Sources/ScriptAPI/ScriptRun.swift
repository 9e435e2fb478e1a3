import LuaSandbox
import ScriptProtocol

/// One run of a script: its state, and what of the API its mode has.
///
/// What the script may call was put there before its code runs, while the environment is as we made it; then comes what was asked for.
final class ScriptRun {
    let request: ProgramRun
    let program: ScriptProgram
    let state: LuaState
    let prelude: PreludeCode
    let ask: AskHost
    let prepared: PreparedState
    /// What a policy has looked at; only calls of one look at anything.
    var session: PolicySession?

    init(
        _ request: ProgramRun,
        of program: ScriptProgram,
        in prepared: PreparedState,
        prelude: PreludeCode,
        ask: @escaping (HostCall) -> HostAnswer
    ) {
        self.request = request
        self.program = program
        self.prepared = prepared
        self.prelude = prelude
        let state = prepared.state
        self.state = state
        // The state holds the functions that ask, and so must not be held by them.
        self.ask = { [unowned state] call throws(APIError) in
            switch state.offTheClock({ ask(call) }) {
            case .value(let value): return value
            case .failure(let message): throw .wrong(message)
            case .blind(let message): throw .blind(message)
            }
        }
    }

    /// Runs it, whatever happens.
    func result() -> Result<ScriptResult, ScriptFailure> {
        request.input.withUnsafeBytes { input in
            prepared.begin(program, seed: request.seed, input: input)
            defer { prepared.close() }
            return ending()
        }
    }

    private func ending() -> Result<ScriptResult, ScriptFailure> {
        do throws(LuaFailure) {
            let value = try answer()
            return .success(
                ScriptResult(
                    value: value,
                    transcript: session?.transcript ?? [],
                    log: state.log,
                    usage: state.usage
                )
            )
        } catch {
            var failure = error
            if failure.file == nil { failure.file = program.script.name }
            return .failure(
                ScriptFailure(failure, usage: state.usage, log: state.log, transcript: session?.transcript ?? [])
            )
        }
    }

    private func answer() throws(LuaFailure) -> ScriptValue {
        let code = try prepared.code.get()
        if request.mode == .call {
            let session = PolicySession(input: request.input, ask: ask)
            prepared.open(session)
            self.session = session
        }
        switch request.mode {
        case .define: return try define(code)
        case .call: return try call(code)
        case .test: return try test(code)
        case .drive: return try drive(code)
        }
    }

    /// The table that the script returns, or whatever it is.
    private func define(_ code: LuaState.Value) throws(LuaFailure) -> ScriptValue {
        try state.plain(try state.evaluate(code), .definition, name: "the definition")
    }

    /// An API function as the state calls it.
    static func checked(_ function: @escaping (LuaCall) throws(APIError) -> ScriptValue) -> LuaState.HostFunction {
        { call throws(LuaFailure) in
            do throws(APIError) {
                return try function(call)
            } catch {
                throw LuaFailure(kind: error.kind, message: error.message)
            }
        }
    }

    /// `host.absent(what, key, known)`: a field that there is not is an error, not nil.
    static var absent: LuaState.HostFunction {
        checked { call throws(APIError) in
            let arguments = Arguments("absent", call.arguments)
            let known = arguments[2].items.compactMap(\.string)
            let key = arguments[1].string.map(Text.name) ?? Text.value(arguments[1])
            throw .wrong("\(arguments[0].string ?? "this") has no \(key); known: \(known.joined(separator: ", "))")
        }
    }
}

extension ProgramRun {
    /// Where `math.random` starts.
    var seed: UInt64 {
        guard case .integer(let seed)? = input["seed"]?.decoded else { return 0 }
        return UInt64(bitPattern: seed)
    }
}
