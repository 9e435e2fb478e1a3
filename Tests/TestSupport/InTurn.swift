import Glibc
import Synchronization
package import Testing

extension Trait where Self == InTurn {
    /// For tests that start processes and servers or hold stores: a few of them run at a time.
    ///
    /// The runner starts all tests at once. Thousands of descriptors would be open, and whatever has a deadline would wait for a thousand others.
    package static var inTurn: InTurn { InTurn() }
}

package struct InTurn: TestTrait, SuiteTrait, TestScoping {
    /// What is open at a time is more than the 1,024 descriptors that shells allow unless told otherwise; the system allows more.
    private static let hasRoom: Bool = {
        var limit = rlimit()
        let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(descriptors, &limit) == 0 else { return false }
        limit.rlim_cur = limit.rlim_max
        return setrlimit(descriptors, &limit) == 0
    }()

    // Made before the first test runs.
    init() { _ = Self.hasRoom }

    package var isRecursive: Bool { true }

    @concurrent package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await Turns.all.take()
        defer { Turns.all.give() }
        try await function()
    }
}

/// A number of turns, taken in the order in which they are asked for.
private final class Turns: Sendable {
    static let all = Turns(4)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var next = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async {
        await withCheckedContinuation { turn in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(turn)
                return false
            }
            if isFree { turn.resume() }
        }
    }

    func give() {
        let turn: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.next < state.waiting.count else {
                state.free += 1
                return nil
            }
            state.next += 1
            return state.waiting[state.next - 1]
        }
        turn?.resume()
    }
}
