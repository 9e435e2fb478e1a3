import Glibc

/// SIGTERM and SIGINT, waited for by the main thread.
///
/// No code ever runs inside of a signal handler. The main thread must be the one that waits: left to `dispatch_main`, which an `await` at top
/// level ends in, it would unblock all signals, and the first one would end the process.
package struct StopSignals {
    private var signals = sigset_t()

    /// Blocks the signals in this thread and all that it starts: call it before there are others.
    package init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A peer that closes is an error of the write, not the end of the agent.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Hands each signal to `body`, forever.
    package mutating func wait(_ body: (Int32) -> Void) -> Never {
        while true {
            var number: Int32 = 0
            if sigwait(&signals, &number) == 0 { body(number) }
        }
    }
}
