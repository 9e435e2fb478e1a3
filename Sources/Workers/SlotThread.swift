import CProcessGuard
import Glibc

/// A thread of its own for blocking work.
///
/// Not a task: it waits in `poll` for as long as a worker likes, and a worker dies with the thread that spawned it.
struct SlotThread: Sendable {
    private let id: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(name: String, _ run: @escaping @Sendable () -> Void) throws(WorkerPoolError) {
        let body = Unmanaged.passRetained(
            Body {
                // Signals are the host's affair; a handler of its must not find itself on this thread.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                troupe_guard_name_thread(name)
                run()
            }
        )
        var id = pthread_t()
        let error = pthread_create(
            &id,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            body.toOpaque()
        )
        guard error == 0 else {
            body.release()
            throw .system("no thread for a worker slot", error)
        }
        self.id = id
    }

    /// Waits for its end; once.
    func join() { pthread_join(id, nil) }
}
