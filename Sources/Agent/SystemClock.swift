import Glibc

/// The clocks of the machine.
package struct SystemClock: AgentClock {
    package init() {}

    package func now() -> AgentInstant {
        AgentInstant(wallMs: Self.read(CLOCK_REALTIME), monotonicMs: Self.read(CLOCK_MONOTONIC))
    }

    package func sleep(ms: Int64) async throws {
        try await Task.sleep(for: .milliseconds(ms))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
