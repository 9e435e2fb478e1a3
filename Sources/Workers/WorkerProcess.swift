import CProcessGuard
import Glibc
import ScriptProtocol

/// A running worker: its process and our end of the connection to it.
///
/// Both are gone when the value is.
struct WorkerProcess: ~Copyable {
    let id: pid_t
    let socket: Int32

    /// Why there is no process.
    struct SpawnError: Error {
        let reason: String
        /// It started, and was sent away since the kernel gives it no filter of system calls.
        var lacksFilter = false
    }

    /// How a process ended that nobody waits for any more.
    enum Ending {
        case exited(Int32)
        case signalled(Int32)
        /// It was still there, and was killed.
        case killed
    }

    /// What a worker may take until it says hello; it takes milliseconds.
    private static let patienceMilliseconds: Int64 = 20_000

    /// Spawns a worker that dies with the calling thread.
    init(executable: String) throws(SpawnError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw SpawnError(reason: SystemError.text(errno))
        }
        defer { close(ends[1]) }
        var process: pid_t = 0
        let error = troupe_guard_spawn(executable, ends[1], &process)
        guard error == 0 else {
            close(ends[0])
            throw SpawnError(reason: "\(executable): \(SystemError.text(error))")
        }
        id = process
        socket = ends[0]
    }

    /// Waits for the worker's first word.
    ///
    /// - Throws: why it cannot be used.
    borrowing func greet(_ wake: WakeSignal, stopping: () -> Bool) throws(Trouble) -> WorkerHello {
        let deadline = Monotonic.now() + Self.patienceMilliseconds * 1_000_000
        var inbox = Inbox()
        var requests = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            guard Monotonic.now() < deadline else {
                throw .deadline("it said nothing for \(Self.patienceMilliseconds / 1000) s")
            }
            guard poll(&requests, 2, Monotonic.pollTimeout(until: deadline)) > 0 else { continue }
            if requests[1].revents != 0 {
                // Asked after each drain, or a signal would be lost.
                wake.drain()
                if stopping() { throw .shutDown }
            }
            guard requests[0].revents != 0 else { continue }
            try inbox.receive(socket)
            guard let frame = try inbox.next() else { continue }
            guard case .hello(let hello) = frame, inbox.isEmpty else { throw .malformed("it does not say hello") }
            return hello
        }
    }

    deinit { _ = Self.end(id, socket, patience: 0) }

    /// Kills and reaps it, and closes the connection.
    consuming func kill() {
        _ = Self.end(id, socket, patience: 0)
        discard self
    }

    /// Reaps a worker that has closed its connection, and tells how it ended; kills it where it has not ended after all.
    consuming func reap() -> Ending {
        let ending = Self.end(id, socket, patience: 50)
        discard self
        return ending
    }

    /// The connection of a dying process closes a moment before it can be waited for; its own ending is worth that moment.
    private static func end(_ id: pid_t, _ socket: Int32, patience milliseconds: Int) -> Ending {
        close(socket)
        var status: Int32 = 0
        for _ in 0..<milliseconds {
            let found = waitpid(id, &status, WNOHANG)
            if found == id { return ending(status) }
            if found < 0 && errno != EINTR { return .killed }
            usleep(1000)
        }
        Glibc.kill(id, SIGKILL)
        while waitpid(id, &status, 0) < 0 {
            // Somebody else has waited for it: then it is gone as well.
            guard errno == EINTR else { break }
        }
        return .killed
    }

    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}
