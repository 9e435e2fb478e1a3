import Glibc
import ScriptProtocol
import TestSupport
import Testing
import Workers

extension WorkerTests {
    /// Workers that die, hang, or are killed.
    struct Supervision {
        @Test func workersKilledUnderLoadHarmNobodyElse() async throws {
            let killed = ProcessList()
            try await withPool { pool, _ in
                let kinds = await withTaskGroup(of: [ScriptFailure.Kind?].self) { group in
                    for task in 0..<8 {
                        group.addTask {
                            var generator = SeededGenerator(seed: UInt64(task))
                            var kinds: [ScriptFailure.Kind?] = []
                            for i in 0..<50 {
                                let dies = Int.random(in: 0..<10, using: &generator) == 0
                                let which = Int.random(in: 0..<2, using: &generator)
                                let workers = pool.health.workers
                                if dies && !workers.isEmpty {
                                    let worker = workers[which % workers.count]
                                    killed.add(worker)
                                    kill(worker, SIGKILL)
                                }
                                let lua = "for i = 1, \(i % 5 * 20_000) do end return { answer = \(task) }"
                                let answer = await pool.answer(.define(lua, name: "load-\(task).lua"))
                                // Somebody else's answer is the one thing that must not be.
                                let foreign = answer.kind == nil && answer["answer"] != .integer(Int64(task))
                                kinds.append(foreign ? .badResult : answer.kind)
                            }
                            return kinds
                        }
                    }
                    return await group.reduce(into: []) { $0 += $1 }
                }
                #expect(kinds.count == 400)
                #expect(kinds.allSatisfy { $0 == nil || $0 == .workerDied || $0 == .unavailable })
                #expect(kinds.count { $0 == nil } > 300)
                for worker in killed.all { await Leftovers.gone(worker) }
                for _ in 0..<20 { #expect(await pool.answer(.good).isGood) }
                let health = pool.health
                #expect(health.deaths > 0 && health.respawns > 0)
                #expect(health.quarantined == [], "nobody's script did it")
            }
        }

        @Test func aWorkerThatHangsIsKilledAtItsDeadline() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, log in
                #expect(await pool.answer(.good).isGood)
                let worker = try #require(pool.health.workers.first)
                await Leftovers.stop(worker)
                let start = ContinuousClock.now
                let answer = await pool.answer(.define("return {}", wallMilliseconds: 50))
                #expect(answer.kind == .deadline)
                #expect((ContinuousClock.now - start) >= .milliseconds(300))
                #expect(!Leftovers.exists(worker))
                #expect(await pool.answer(.good).isGood)
                #expect(pool.health.kills == 1 && pool.health.respawns == 1)
                #expect(log.all.contains { if case .killed(worker, _, _) = $0 { true } else { false } })
            }
        }

        @Test func anIdleWorkerThatDiesIsReplaced() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                #expect(await pool.answer(.good).isGood)
                let worker = try #require(pool.health.workers.first)
                kill(worker, SIGKILL)
                await Leftovers.gone(worker)
                #expect(await pool.answer(.good).isGood)
                #expect(pool.health.deaths == 1 && pool.health.respawns == 1)
                #expect(pool.health.quarantined == [])
            }
        }

        @Test func scriptsThatCostWorkersAreQuarantined() async throws {
            // Reads the request and says nothing.
            let fake = try FakeWorker("exec /bin/cat <&3 >/dev/null")
            var configuration = WorkerPoolConfiguration(size: 1, executable: fake.path)
            configuration.graceMilliseconds = 10
            try await withPool(configuration) { pool, log in
                let bad = ScriptRequest.define("while true do end", name: "bad.lua", wallMilliseconds: 10)
                for _ in 0..<3 { #expect(await pool.answer(bad).kind == .deadline) }
                guard case .failure(let failure) = await pool.answer(bad) else {
                    Issue.record("it ran")
                    return
                }
                #expect(failure.kind == .quarantined && failure.file == "bad.lua")
                #expect(pool.health.quarantined.map(\.script) == ["bad.lua"])
                #expect(pool.health.kills == 3)
                let script = try #require(pool.health.scripts["bad.lua"])
                #expect(script.evaluations == 4 && script.failures == 4 && script.kills == 3)
                #expect(log.all.contains { if case .quarantined("bad.lua", _) = $0 { true } else { false } })
                // Another version is free, and so is one that requires something else.
                var other = bad
                other.script.bytes.append(10)
                #expect(await pool.answer(other).kind == .deadline)
                other = bad
                other.modules["lib.a"] = ScriptSource(name: "policies/lib/a.lua", bytes: [])
                #expect(await pool.answer(other).kind == .deadline)
                // Nor is what it defines held back for what it does when it is called, or the other way round.
                other = bad
                other.mode = .call
                #expect(await pool.answer(other).kind == .deadline)
                // What is still in quarantine is a version that nobody runs, until it comes back.
                #expect(pool.quarantined.map(\.isLatest) == [false])
                #expect(await pool.answer(bad).kind == .quarantined)
                #expect(pool.quarantined.map(\.isLatest) == [true])
                // Nor is one whose file is gone, until that comes back.
                pool.keep(["bad.lua"])
                #expect(pool.quarantined.map(\.isLatest) == [true])
                pool.keep(["good.lua"])
                #expect(pool.quarantined.map(\.isLatest) == [false])
                #expect(await pool.answer(bad).kind == .quarantined)
                #expect(pool.quarantined.map(\.isLatest) == [true])
                #expect(pool.lift(script: "bad.lua"))
                #expect(!pool.lift(script: "bad.lua"))
                #expect(pool.health.quarantined == [])
                #expect(await pool.answer(bad).kind == .deadline)
                #expect(log.all.contains(.lifted(script: "bad.lua")))
            }
        }

        @Test func agedWorkersAreReplaced() async throws {
            var configuration = WorkerPoolConfiguration(size: 1)
            configuration.recycling.evaluations = 5
            try await withPool(configuration) { pool, log in
                for _ in 0..<12 { #expect(await pool.answer(.good).isGood) }
                #expect(log.all.count { if case .recycled = $0 { true } else { false } } == 2)
                #expect(pool.health.kills == 0 && pool.health.deaths == 0)
            }
        }

        @Test func shutdownEndsWhatRunsAndWaits() async throws {
            let fake = try FakeWorker("exec /bin/cat <&3 >/dev/null")
            try await withPool(WorkerPoolConfiguration(executable: fake.path)) { pool, _ in
                let kinds = await withTaskGroup(of: ScriptFailure.Kind?.self) { group in
                    for i in 0..<20 {
                        group.addTask {
                            await pool.answer(.define("", name: "\(i).lua", wallMilliseconds: 60_000)).kind
                        }
                    }
                    group.addTask {
                        while pool.health.queued < 18 || pool.health.running < 2 { await Task.yield() }
                        pool.shutdown()
                        return .unavailable
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(kinds == [ScriptFailure.Kind?](repeating: .unavailable, count: 21))
                #expect(await pool.answer(.good).kind == .unavailable)
                #expect(pool.health.workers == [])
            }
        }

        @Test func aPoolThatIsDroppedEndsItself() async throws {
            let log = EventLog()
            do {
                var configuration = WorkerPoolConfiguration()
                configuration.log = { log.add($0) }
                let pool = try WorkerPool(configuration: configuration)
                #expect(await pool.answer(.good).isGood)
            }
            #expect(log.workers.filter(Leftovers.exists) == [])
        }

        @Test func cancelledTasksDoNotWait() async throws {
            let fake = try FakeWorker("exec /bin/cat <&3 >/dev/null")
            var configuration = WorkerPoolConfiguration(size: 1, executable: fake.path)
            configuration.graceMilliseconds = 0
            try await withPool(configuration) { pool, _ in
                let tasks = (0..<5)
                    .map { i in
                        Task { await pool.answer(.define("", name: "\(i).lua", wallMilliseconds: 300)).kind }
                    }
                while pool.health.queued < 4 || pool.health.running < 1 { await Task.yield() }
                let start = ContinuousClock.now
                for task in tasks { task.cancel() }
                for task in tasks { #expect(await task.value == .unavailable) }
                #expect(ContinuousClock.now - start < .milliseconds(250))
                // The one that ran is killed at its deadline, the others are not begun; the worker is not lost.
                #expect(await pool.answer(.define("", name: "last.lua", wallMilliseconds: 10)).kind == .deadline)
                #expect(pool.health.kills == 2)
            }
        }
    }
}
