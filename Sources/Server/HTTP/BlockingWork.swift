import NIOPosix

/// Runs what blocks, the stores above all, on threads of its own, so that tasks never wait for a disk on the cooperative pool.
///
/// Few threads, since the work is for one disk and two cores; what comes on top waits in line. Callers bound how much may wait.
struct BlockingWork: Sendable {
    private let threads: NIOThreadPool

    init(threads count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await threads.runIfActive(body)
        } catch is NIOThreadPoolError.ThreadPoolInactive {
            throw CancellationError()
        }
    }

    /// Starts work that nobody waits for.
    func submit(_ body: @escaping @Sendable () -> Void) {
        threads.submit { state in
            if case .active = state { body() }
        }
    }

    /// Finishes what runs, and refuses the rest.
    func stop() async throws {
        try await threads.shutdownGracefully()
    }
}
