import Foundation
package import ScriptProtocol
import Synchronization
package import Workers

/// Workers for the calls of drivers, apart from those of policies: a driver waits for the world, with its worker held, and must hold up
/// nobody else by it.
///
/// There are as many as calls are under way at a time; each is one pool of one worker, and a few stay warm.
package final class DriverWorkers: Sendable {
    private struct State {
        var idle: [WorkerPool] = []
        var leased = 0
        var isShutDown = false
    }

    private let state = Mutex(State())
    private let configuration: WorkerPoolConfiguration
    private let most: Int
    private let warm: Int
    /// Starting a worker blocks for a moment.
    private let queue = DispatchQueue(label: "troupe.driver-workers", attributes: .concurrent)

    /// - Parameters:
    ///   - configuration: of each worker; its size does not count.
    ///   - most: calls under way at a time; more are turned away, and made again by whoever wants to.
    ///   - warm: workers that are kept between calls.
    package init(configuration: WorkerPoolConfiguration = WorkerPoolConfiguration(), most: Int = 64, warm: Int = 4) {
        var configuration = configuration
        configuration.size = 1
        // One slot, one call: what a driver costs is counted where all its calls are known.
        configuration.quarantine = .init(strikes: .max)
        self.configuration = configuration
        self.most = max(1, most)
        self.warm = warm
    }

    deinit { shutdown() }

    package func answer(
        _ request: ScriptRequest,
        calls: (HostCall) async -> HostAnswer
    ) async -> Result<ScriptResult, ScriptFailure> {
        let pool: WorkerPool
        switch await lease() {
        case .success(let leased): pool = leased
        case .failure(let failure): return .failure(failure)
        }
        let answer = await pool.answer(request, calls: calls)
        await giveBack(pool)
        return answer
    }

    private func lease() async -> Result<WorkerPool, ScriptFailure> {
        let (pool, refusal) = state.withLock { state -> (WorkerPool?, String?) in
            if state.isShutDown { return (nil, "the workers of the drivers are shut down") }
            if state.leased >= most { return (nil, "\(most) calls of drivers are under way already") }
            state.leased += 1
            return (state.idle.popLast(), nil)
        }
        if let refusal { return .failure(ScriptFailure(kind: .unavailable, message: refusal)) }
        if let pool { return .success(pool) }
        let configuration = configuration
        let started: Result<WorkerPool, WorkerPoolError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(WorkerPoolError) in try WorkerPool(configuration: configuration) }
                )
            }
        }
        switch started {
        case .success(let pool): return .success(pool)
        case .failure(let error):
            state.withLock { $0.leased -= 1 }
            return .failure(ScriptFailure(kind: .unavailable, message: "\(error)"))
        }
    }

    private func giveBack(_ pool: WorkerPool) async {
        // A run whose caller was cancelled may still be at it, and would hold up the next.
        let isFree = pool.health.running == 0 && pool.health.queued == 0
        let isKept = state.withLock { state in
            state.leased -= 1
            guard isFree, !state.isShutDown, state.idle.count < warm else { return false }
            state.idle.append(pool)
            return true
        }
        if isKept { return }
        await withCheckedContinuation { continuation in
            queue.async {
                pool.shutdown()
                continuation.resume()
            }
        }
    }

    /// Ends those that are idle; those at work end with their calls.
    package func shutdown() {
        let idle = state.withLock { state in
            state.isShutDown = true
            defer { state.idle = [] }
            return state.idle
        }
        for pool in idle { pool.shutdown() }
    }
}
