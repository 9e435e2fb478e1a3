import Dispatch
import Synchronization

/// Where the loop runs: threads of its own, for it reads and writes databases, and a call that waits for the disk must not hold one of
/// the few threads that all other tasks share.
final class ControlThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "troupe.control", qos: .userInitiated, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Does something that blocks; nobody waits for it.
    func perform(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    /// Does something that blocks, and answers what came of it.
    func run<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let result: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(Failure) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Does something long, and answers what came of it; nil as soon as the task is cancelled: it is then done for nobody.
    func runUnlessCancelled<Result: Sendable>(_ body: @escaping @Sendable () -> Result?) async -> Result? {
        guard !Task.isCancelled else { return nil }
        let answer = Answer<Result>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.waits(continuation)
                queue.async { answer.give(body()) }
            }
        } onCancel: {
            answer.give(nil)
        }
    }
}

/// Someone who waits for one answer; the first that is given counts.
private final class Answer<Result: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Result?, Never>)
        case given
    }

    private let state = Mutex(State.open)

    func waits(_ continuation: CheckedContinuation<Result?, Never>) {
        let isGiven = state.withLock { state in
            guard case .open = state else { return true }
            state = .waiting(continuation)
            return false
        }
        if isGiven { continuation.resume(returning: nil) }
    }

    func give(_ result: Result?) {
        let waiting = state.withLock { state -> CheckedContinuation<Result?, Never>? in
            defer { state = .given }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(returning: result)
    }
}
