package import ScriptProtocol

/// Runs scripts in worker processes, so that none of them can hurt, stall or outlive the host.
package final class WorkerPool: Sendable {
    package init(configuration: WorkerPoolConfiguration = WorkerPoolConfiguration()) throws(WorkerPoolError) {}

    /// Runs a script and answers with what came of it, in bounded time.
    ///
    /// - Parameter calls: answers what the script asks of the host while it runs.
    package func answer(
        _ request: ScriptRequest,
        calls: (HostCall) async -> HostAnswer = { _ in .failure("this script may not ask the host") }
    ) async -> Result<ScriptResult, ScriptFailure> {
        .failure(ScriptFailure(kind: .workerDied, message: "There is no worker."))
    }

    /// Ends the pool; what still runs or waits ends as a failure.
    package func shutdown() {}

    /// How the pool and its scripts have fared.
    package var health: WorkerPoolHealth { WorkerPoolHealth() }

    /// Ends the quarantine of a script, whatever its version.
    package func lift(script: String) {}
}
