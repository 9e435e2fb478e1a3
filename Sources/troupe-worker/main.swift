import CProcessGuard
import CSyscallFilter
import Glibc
import ScriptAPI
import ScriptProtocol

// The script worker. The host spawns it with an empty environment, its own process id as the only argument, and one end of a socket pair as
// descriptor 3. It exits with 2 where it was started by anybody else, with 3 where the system denies it what it needs to be safe.
//
//     troupe-worker --self-check
//
// locks itself in as it always does, tries what must not be possible and says what each try answered; 1 where something was.

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
        let arguments = CommandLine.arguments
        guard arguments.count == 2 else { exit(2) }
        if arguments[1] == "--self-check" { exit(troupe_guard_try_worker { Worker.check() }) }
        guard let parent = pid_t(arguments[1]), fcntl(channel, F_GETFD) != -1 else { exit(2) }
        confine(parent: parent)
        require(
            troupe_guard_run_on_stack(stackBytes) {
                let runner = Worker.warmRunner()
                let mayWatch = troupe_guard_processors() > 1
                let hello = Worker.lock()
                Service(descriptor: Worker.channel, runner: runner, mayWatch: mayWatch).run(hello)
            }
        )
        exit(0)
    }

    private static func check() {
        confine(parent: getppid())
        require(
            troupe_guard_run_on_stack(stackBytes) {
                _ = Worker.warmRunner()
                let hello = Worker.lock()
                if hello.filter != .installed {
                    let line = Array("NO FILTER of system calls: \(hello.reason)\n".utf8)
                    send(Worker.channel, line, line.count, Int32(MSG_NOSIGNAL))
                }
                exit(troupe_filter_check(Worker.channel) == 0 && hello.filter == .installed ? 0 : 1)
            }
        )
    }

    private static func confine(parent: pid_t) {
        require(troupe_guard_die_with_parent(parent))
        require(troupe_guard_close_descriptors(channel + 1))
        require(troupe_guard_confine(addressSpaceBytes, lifetimeSeconds))
    }

    /// Has run something already, so that runtime and allocator have asked of the system what they ask once.
    private static func warmRunner() -> ScriptRunner {
        let runner = ScriptRunner()
        let lua = "local t = {} for i = 1, 100 do t[i] = tostring(i) end return { text = table.concat(t) }"
        let script = ScriptSource(name: "warm.lua", bytes: Array(lua.utf8))
        _ = runner.run(ScriptRequest(mode: .define, script: script)) { _ in .failure("nobody answers") }
        _ = troupe_guard_allow_cpu(2)
        return runner
    }

    /// From here on there is no way back: no process, no thread, and no system call that is not on the list.
    private static func lock() -> WorkerHello {
        require(troupe_guard_forbid_processes())
        guard troupe_filter_fits_this_build() != 0 else {
            return WorkerHello(filter: .sanitized, reason: "the worker was built with a sanitizer")
        }
        let error = troupe_filter_install(channel)
        guard error != 0 else { return WorkerHello(filter: .installed) }
        let reason = strerror(error).map { String(cString: $0) } ?? "error \(error)"
        return WorkerHello(filter: .refused, reason: "the kernel refuses the filter of system calls: \(reason)")
    }
}

Worker.start()
