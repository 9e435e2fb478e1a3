import CProcessGuard
import Glibc

/// Wakes a slot's `poll` at a moment that any thread may set.
final class DeadlineTimer: Sendable {
    let descriptor: Int32

    init() throws(WorkerPoolError) {
        descriptor = troupe_guard_timer_descriptor()
        guard descriptor >= 0 else { throw .system("no timer for a worker slot", errno) }
    }

    deinit { close(descriptor) }

    /// - Parameter moment: of `Monotonic`.
    func set(_ moment: Int64) { troupe_guard_set_timer(descriptor, moment) }

    func drain() {
        var count: UInt64 = 0
        read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
