import LuaSandbox
package import ScriptProtocol

/// Runs scripts, one after another, each in a Lua state that has nothing of another.
///
/// It belongs to one thread. That thread needs a stack of 16 MiB, for Lua's parser and its metamethods recurse in C.
package final class ScriptRunner {
    private let compiler = LuaCompiler()
    private var prelude: PreludeCode?
    /// As they were made; the one that was used last comes last.
    private var prepared: [PreparedState] = []
    /// That of the run before: it is put back when the answer is on its way, for that takes a while too.
    private var spent: PreparedState?
    /// More policies than a workspace has, as a rule. The state of a small one holds some 100 KB.
    private static let mostPrepared = 64
    /// Of the sources of all of them: a state grows with its script, and holds a multiple of it.
    private static let mostSourceBytes = 512 << 10

    package init() {}

    /// Runs one request to its end; blocks.
    ///
    /// - Parameters:
    ///   - request: what to run, and on what.
    ///   - program: the code of it, whatever number the request gives that.
    ///   - ask: crosses to the host and waits for its answer.
    package func run(
        _ request: ProgramRun,
        of program: ScriptProgram,
        ask: (HostCall) -> HostAnswer
    ) -> Result<ScriptResult, ScriptFailure> {
        withoutActuallyEscaping(ask) { ask in
            do throws(LuaFailure) {
                let prelude = try preludeCode()
                let state = try state(PreparedState.Kind(request, of: program), prelude)
                let result = ScriptRun(request, of: program, in: state, prelude: prelude, ask: ask).result()
                spent = state
                return result
            } catch {
                return .failure(ScriptFailure(error))
            }
        }
    }

    /// Makes the last run's state what it was before, for the next run like it: for a moment when nobody waits.
    package func prepare() {
        guard let state = spent.take(), state.rewind() else { return }
        prepared.append(state)
        var bytes = prepared.reduce(0) { $0 + $1.kind.script.bytes.count }
        while prepared.count > Self.mostPrepared || bytes > Self.mostSourceBytes {
            bytes -= prepared.removeFirst().kind.script.bytes.count
        }
    }

    private func state(_ kind: PreparedState.Kind, _ prelude: PreludeCode) throws(LuaFailure) -> PreparedState {
        prepare()
        if let index = prepared.lastIndex(where: { $0.kind == kind }) { return prepared.remove(at: index) }
        return try PreparedState(kind, compiler: compiler, prelude: prelude)
    }

    private func preludeCode() throws(LuaFailure) -> PreludeCode {
        if let prelude { return prelude }
        let compiled = try PreludeCode()
        prelude = compiled
        return compiled
    }
}

extension ScriptRunner {
    /// Runs a request that was not sent by anybody.
    package func run(_ request: ScriptRequest, ask: (HostCall) -> HostAnswer) -> Result<ScriptResult, ScriptFailure> {
        do throws(FrameError) {
            return run(try ProgramRun(request, program: 0), of: request.program, ask: ask)
        } catch {
            return .failure(ScriptFailure(kind: .protocolViolation, message: "The input cannot be sent: \(error)."))
        }
    }
}

extension ScriptFailure {
    init(
        _ failure: LuaFailure,
        usage: ScriptUsage = ScriptUsage(),
        log: [String] = [],
        transcript: [TranscriptEntry] = []
    ) {
        self.init(
            kind: failure.kind,
            message: failure.message,
            file: failure.file,
            line: failure.line,
            usage: usage,
            log: log,
            transcript: transcript
        )
    }
}
