/// How a pool of script workers is run.
package struct WorkerPoolConfiguration: Sendable {
    /// When a script that costs us workers is no longer run.
    package struct Quarantine: Hashable, Sendable {
        /// How many workers it may cost within `window` before it is quarantined.
        package var strikes: Int
        package var windowMilliseconds: Int64

        package init(strikes: Int = 3, windowMilliseconds: Int64 = 60_000) {
            self.strikes = strikes
            self.windowMilliseconds = windowMilliseconds
        }
    }

    /// When a worker that did nothing wrong is replaced, so that no process grows old.
    package struct Recycling: Hashable, Sendable {
        package var evaluations: Int
        /// Time spent on evaluations; far below the worker's hard limit of processor time.
        package var busyMilliseconds: Int64

        package init(evaluations: Int = 1_000_000, busyMilliseconds: Int64 = 30 * 60_000) {
            self.evaluations = evaluations
            self.busyMilliseconds = busyMilliseconds
        }
    }

    /// Worker processes that are kept.
    package var size: Int
    /// The worker's file; nil looks in the environment (`TROUPE_WORKER`), then beside the running executable.
    package var executable: String?
    /// What a run may take beyond its wall limit before its worker is killed.
    package var graceMilliseconds: Int64
    package var quarantine: Quarantine
    package var recycling: Recycling
    /// Runs that may be on their way to one worker, so that it need not wait for the next one; they wait for each other there.
    package var depth: Int
    /// Goes on where the kernel gives workers no filter of system calls, rather than run no scripts; `TROUPE_ALLOW_NO_SECCOMP=1` too.
    package var allowsNoFilter: Bool
    /// Evaluations that may wait for a worker; more are turned away.
    package var queueLimit: Int
    /// Calls that one run may make to the host, whose time does not count against the run.
    package var hostCallLimit: Int
    /// The longest pause before a worker that does not come up is tried again.
    package var longestBackoffMilliseconds: Int64
    /// Told what happens to workers and scripts, from the pool's own threads: it must not block.
    package var log: @Sendable (WorkerPoolEvent) -> Void

    package init(
        size: Int = 2,
        executable: String? = nil,
        graceMilliseconds: Int64 = 250,
        quarantine: Quarantine = Quarantine(),
        recycling: Recycling = Recycling(),
        depth: Int = 4,
        allowsNoFilter: Bool = false,
        queueLimit: Int = 10_000,
        hostCallLimit: Int = 10_000,
        longestBackoffMilliseconds: Int64 = 2_000,
        log: @escaping @Sendable (WorkerPoolEvent) -> Void = { _ in }
    ) {
        self.size = size
        self.executable = executable
        self.graceMilliseconds = graceMilliseconds
        self.quarantine = quarantine
        self.recycling = recycling
        self.depth = depth
        self.allowsNoFilter = allowsNoFilter
        self.queueLimit = queueLimit
        self.hostCallLimit = hostCallLimit
        self.longestBackoffMilliseconds = longestBackoffMilliseconds
        self.log = log
    }
}
