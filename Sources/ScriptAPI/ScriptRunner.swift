import LuaSandbox
package import ScriptProtocol

/// Runs scripts, one after another, each in a Lua state that has nothing of another.
///
/// It belongs to one thread. That thread needs a stack of 16 MiB, for Lua's parser and its metamethods recurse in C.
package final class ScriptRunner {
    private let compiler = LuaCompiler()
    private var prelude: PreludeCode?
    private var prepared: PreparedState?
    private var last: PreparedState.Kind?
    /// State and input of the run before: they are taken apart when its answer is on its way, for that takes a while too.
    private var spent: (PreparedState, ScriptRequest)?

    package init() {}

    /// Runs one request to its end; blocks.
    ///
    /// - Parameter ask: crosses to the host and waits for its answer.
    package func run(_ request: ScriptRequest, ask: (HostCall) -> HostAnswer) -> Result<ScriptResult, ScriptFailure> {
        withoutActuallyEscaping(ask) { ask in
            do throws(LuaFailure) {
                let prelude = try preludeCode()
                let kind = PreparedState.Kind(request)
                last = kind
                let state = try preparedState(kind, prelude)
                let run = ScriptRun(request, in: state, compiler: compiler, prelude: prelude, ask: ask)
                let result = run.result()
                state.close()
                spent = (state, request)
                return result
            } catch {
                return .failure(ScriptFailure(error))
            }
        }
    }

    /// Makes the state of the next run, which will be like the last one: for a moment when nobody waits.
    package func prepare() {
        let state = spent.take()?.0
        guard prepared == nil else { return }
        if let state, state.kind == last, state.rewind() {
            prepared = state
            return
        }
        guard let last, let prelude = try? preludeCode() else { return }
        // Where it fails the next run fails in the same way, and says so.
        prepared = try? PreparedState(last, compiler: compiler, prelude: prelude)
    }

    private func preparedState(_ kind: PreparedState.Kind, _ prelude: PreludeCode) throws(LuaFailure) -> PreparedState {
        spent = nil
        if let ready = prepared.take(), ready.kind == kind { return ready }
        return try PreparedState(kind, compiler: compiler, prelude: prelude)
    }

    private func preludeCode() throws(LuaFailure) -> PreludeCode {
        if let prelude { return prelude }
        let compiled = try PreludeCode()
        prelude = compiled
        return compiled
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
