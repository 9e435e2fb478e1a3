package import ScriptProtocol

/// Runs scripts, one after another, each in a fresh Lua state.
///
/// It belongs to one thread. That thread needs a stack of 16 MiB, for Lua's parser and its metamethods recurse in C.
package final class ScriptRunner {
    package init() {}

    /// Runs one request to its end; blocks.
    ///
    /// - Parameter ask: crosses to the host and waits for its answer.
    package func run(_ request: ScriptRequest, ask: (HostCall) -> HostAnswer) -> Result<ScriptResult, ScriptFailure> {
        .failure(ScriptFailure(kind: .raised, message: "scripts cannot be run yet"))
    }
}
