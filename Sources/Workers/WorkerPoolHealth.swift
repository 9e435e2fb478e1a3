package import ScriptProtocol

/// How a pool and the scripts it ran have fared.
package struct WorkerPoolHealth: Hashable, Sendable {
    /// A script that is not run until it changes or the quarantine is lifted.
    package struct Quarantined: Hashable, Sendable {
        package var script: String
        /// How it last cost a worker, a full sentence.
        package var reason: String
        /// It is the version that was last to be run; else a corrected one has taken its place, or the script is gone.
        package var isLatest: Bool
    }

    /// What a script has done since the pool was started.
    package struct Script: Hashable, Sendable {
        package var evaluations = 0
        package var failures = 0
        package var failuresByKind: [ScriptFailure.Kind: Int] = [:]
        /// Workers that it cost.
        package var kills = 0
        /// What a run takes at a worker, without the host's answers; the quantiles are at most a fifth too high.
        package var medianMicroseconds = 0.0
        package var p99Microseconds = 0.0
    }

    /// Process ids of the workers that are alive, by slot.
    package var workers: [Int32] = []
    /// Why workers run without a filter of system calls; nil where they have one.
    package var unfiltered: String?
    /// Evaluations waiting for a worker, or for others at one.
    package var queued = 0
    /// Evaluations that a worker is at.
    package var running = 0
    package var evaluations = 0
    package var failures = 0
    /// Workers that the pool killed.
    package var kills = 0
    /// Workers that died by themselves or from outside.
    package var deaths = 0
    /// Evaluations that were on their way to a worker that was lost, and went to another one.
    package var resent = 0
    /// Workers started after the first ones.
    package var respawns = 0
    package var quarantined: [Quarantined] = []
    /// By name.
    package var scripts: [String: Script] = [:]
}
