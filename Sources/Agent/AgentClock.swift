/// A moment by both clocks: the wall clock stamps samples, the monotonic clock measures what passed between two of them.
package struct AgentInstant: Hashable, Sendable {
    /// Milliseconds since 1970, UTC.
    package var wallMs: Int64
    /// From some start, never set back.
    package var monotonicMs: Int64

    package init(wallMs: Int64, monotonicMs: Int64) {
        self.wallMs = wallMs
        self.monotonicMs = monotonicMs
    }
}

/// Time as the agent sees it, so that tests decide how it passes.
package protocol AgentClock: Sendable {
    func now() -> AgentInstant
    /// Throws `CancellationError` when the task is cancelled meanwhile.
    func sleep(ms: Int64) async throws
}
