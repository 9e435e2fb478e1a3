import CProcessGuard
import Glibc

/// Interrupts a slot's `poll` from any thread.
final class WakeSignal: Sendable {
    let descriptor: Int32

    init() throws(WorkerPoolError) {
        descriptor = troupe_guard_event_descriptor()
        guard descriptor >= 0 else { throw .system("no descriptor for a worker slot", errno) }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func drain() {
        var count: UInt64 = 0
        read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Waits until it is signalled or `milliseconds` have passed.
    func wait(milliseconds: Int64) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, Int32(clamping: milliseconds))
        drain()
    }
}

extension WorkerPoolError {
    static func system(_ what: String, _ error: Int32) -> WorkerPoolError {
        WorkerPoolError(
            .system,
            "\(what): \(SystemError.text(error))",
            advice: "Raise the limits of open files and processes, or start fewer workers."
        )
    }
}

/// What the system says of an error number.
enum SystemError {
    static func text(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
