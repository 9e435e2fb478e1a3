import Glibc
import ScriptProtocol
import Synchronization
import TestSupport
import Testing
import Workers

extension WorkerTests {
    /// Workers killed from outside, again and again, while there is much to do. In a process of its own, whose children can be counted.
    struct KillTests {
        /// What the tasks that ask for runs have seen.
        private final class Seen: Sendable {
            private let state = Mutex((good: 0, died: 0, other: [String](), isOver: false))

            var isOver: Bool { state.withLock { $0.isOver } }
            var counts: (good: Int, died: Int, other: [String]) { state.withLock { ($0.good, $0.died, $0.other) } }

            func end() { state.withLock { $0.isOver = true } }

            func add(_ answer: Result<ScriptResult, ScriptFailure>, expected: Int64) {
                state.withLock { state in
                    switch answer {
                    case .success where answer["answer"] == .integer(expected): state.good += 1
                    case .failure(let failure) where failure.kind == .workerDied: state.died += 1
                    default: state.other.append("\(answer)")
                    }
                }
            }
        }

        @Test func fiveHundredKillsCostAtMostARunEach() async {
            await #expect(processExitsWith: .success) {
                try await Leftovers.warmUp()
                let before = Leftovers.descriptors()
                let kills = 500
                try await withPool { pool, _ in
                    let seen = Seen()
                    await withTaskGroup(of: Void.self) { group in
                        for task in 0..<10 {
                            group.addTask { await Self.ask(pool, task: task, seen) }
                        }
                        await Self.killWorkers(of: pool, times: kills)
                        seen.end()
                    }
                    let (good, died, other) = seen.counts
                    let health = pool.health
                    #expect(other == [], "each run ends with its own answer or as a typed error")
                    #expect(died <= kills, "what had not begun goes to another worker")
                    #expect(good > kills)
                    #expect(health.deaths == kills && health.kills == 0)
                    #expect(health.resent > 0)
                    #expect(health.evaluations == good + died && health.failures == died)
                    #expect(health.quarantined == [], "no script did it")
                    #expect(await pool.answer(.good).isGood)
                    print("\(kills) kills: \(good) runs ended well, \(died) were lost, \(health.resent) sent again")
                }
                #expect(Leftovers.descriptors() == before)
                #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD, "a zombie is left")
            }
        }

        /// Runs of differing length, one after the other, until it is over.
        private static func ask(_ pool: WorkerPool, task: Int, _ seen: Seen) async {
            var generator = SeededGenerator(seed: UInt64(task))
            while !seen.isOver {
                let turns = Int.random(in: 0..<20_000, using: &generator)
                let lua = "for i = 1, \(turns / 100 * 100) do end return { answer = \(task) }"
                let request = ScriptRequest.define(lua, name: "load-\(task).lua", wallMilliseconds: 900)
                seen.add(await pool.answer(request), expected: Int64(task))
            }
        }

        private static func killWorkers(of pool: WorkerPool, times: Int) async {
            var generator = SeededGenerator(seed: 2026)
            let clock = ContinuousClock()
            for _ in 0..<times {
                // Any moment of a run, of its sending, of a start.
                let moment = clock.now + .microseconds(Int.random(in: 0..<3000, using: &generator))
                while clock.now < moment { await Task.yield() }
                var workers: [Int32] = []
                while workers.isEmpty {
                    workers = pool.health.workers
                    if workers.isEmpty { await Task.yield() }
                }
                let worker = workers[Int.random(in: 0..<workers.count, using: &generator)]
                kill(worker, SIGKILL)
                await Leftovers.gone(worker)
            }
        }
    }
}
