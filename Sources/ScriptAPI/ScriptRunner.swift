import LuaSandbox
package import ScriptProtocol

/// Runs scripts, one after another, each in a fresh Lua state.
///
/// It belongs to one thread. That thread needs a stack of 16 MiB, for Lua's parser and its metamethods recurse in C.
package final class ScriptRunner {
    private let compiler = LuaCompiler()
    private var prelude: PreludeCode?

    package init() {}

    /// Runs one request to its end; blocks.
    ///
    /// - Parameter ask: crosses to the host and waits for its answer.
    package func run(_ request: ScriptRequest, ask: (HostCall) -> HostAnswer) -> Result<ScriptResult, ScriptFailure> {
        withoutActuallyEscaping(ask) { ask in
            do throws(LuaFailure) {
                let run = try ScriptRun(request, compiler: compiler, prelude: try preludeCode(), ask: ask)
                return run.result()
            } catch {
                return .failure(ScriptFailure(error))
            }
        }
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
