import CProcessGuard
import Glibc
import ScriptProtocol

// The script worker. The host spawns it with an empty environment, its own process id as the only argument, and one end of a socket pair as
// descriptor 3. It exits with 2 where it was started by anybody else, with 3 where the system denies it what it needs to be safe.

private enum Worker {
    static let channel: Int32 = TROUPE_GUARD_CONNECTION
    /// Lua's C calls, the parser's recursion and our own conversions share it; Swift's threads would have 8 MiB.
    static let stackBytes: UInt64 = 32 << 20
    /// A run may have `ScriptLimits.memoryBytes`; the rest are frames on their way in and out, and the runtime.
    static let addressSpaceBytes: UInt64 = 768 << 20
    /// The pool replaces a worker long before.
    static let lifetimeSeconds: UInt64 = 2 * 3600

    static func require(_ error: Int32) {
        guard error == 0 else { exit(3) }
    }

    static func start() -> Never {
        guard CommandLine.argc == 2, let parent = pid_t(CommandLine.arguments[1]), fcntl(channel, F_GETFD) != -1 else {
            exit(2)
        }
        require(troupe_guard_die_with_parent(parent))
        require(troupe_guard_close_descriptors(channel + 1))
        require(troupe_guard_confine(addressSpaceBytes, lifetimeSeconds))
        require(
            troupe_guard_run_on_stack(stackBytes) {
                let service = Service(descriptor: Worker.channel)
                Worker.require(troupe_guard_forbid_processes())
                // The system call filter belongs here: runtime, thread and allocator are warm, and nothing was read from the host yet.
                service.run()
            }
        )
        exit(0)
    }
}

Worker.start()
