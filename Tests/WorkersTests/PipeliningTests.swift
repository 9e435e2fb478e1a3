import Glibc
import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// Several runs on their way to one worker.
    struct Pipelining {
        /// Runs them at once, and answers with how each ended.
        private static func kinds(_ pool: WorkerPool, _ requests: [ScriptRequest]) async -> [ScriptFailure.Kind?] {
            let tasks = requests.map { request in Task { await pool.answer(request).kind } }
            var kinds: [ScriptFailure.Kind?] = []
            for task in tasks { kinds.append(await task.value) }
            return kinds
        }

        @Test func aKillCostsTheRunThatHadBegunAndNoOther() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                #expect(await pool.answer(.good).isGood)
                let worker = try #require(pool.health.workers.first)
                await Leftovers.stop(worker)
                let first = Task {
                    await pool.answer(.define("return {}", name: "first.lua", wallMilliseconds: 50)).kind
                }
                while pool.health.running < 1 { await Task.yield() }
                let others = (0..<3).map { _ in Task { await pool.answer(.good).isGood } }
                while pool.health.queued < 3 { await Task.yield() }
                #expect(await first.value == .deadline)
                for other in others { #expect(await other.value) }
                let health = pool.health
                #expect(health.kills == 1 && health.resent == 3 && health.failures == 1)
            }
        }

        @Test func theClockOfARunStartsWhenItsTurnComes() async throws {
            var configuration = WorkerPoolConfiguration(size: 1)
            configuration.graceMilliseconds = 0
            try await withPool(configuration) { pool, _ in
                // Each takes most of what it may; together they take several times that.
                let slow = ScriptRequest.define("while true do end", wallMilliseconds: 1000, instructions: 20_000_000)
                let kinds = await Self.kinds(pool, [ScriptRequest](repeating: slow, count: 8))
                #expect(kinds.allSatisfy { $0 == .instructionLimit || $0 == .wallLimit || $0 == .deadline })
                #expect(kinds.contains(.instructionLimit))
            }
        }

        @Test func aProgramIsSentOnce() async throws {
            let got = "/tmp/troupe-got-\(getpid())"
            defer { unlink(got) }
            let fake = try FakeWorker("exec /bin/cat <&3 >\(got)")
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                var request = ScriptRequest.good
                request.script.bytes += Array("--".utf8) + [UInt8](repeating: 120, count: 10_000)
                let expected =
                    try Frame.program(request.program, number: 0).encoded(limits: .toWorker).count
                    + 3 * Frame.run(ProgramRun(request, program: 0)).encoded(limits: .toWorker).count
                let tasks = (0..<3).map { _ in Task { [request] in await pool.answer(request) } }
                var status = stat()
                while stat(got, &status) != 0 || status.st_size < expected { await Task.yield() }
                #expect(status.st_size == expected)
                for task in tasks { task.cancel() }
            }
        }

        @Test func moreProgramsThanAWorkerHoldsAreNoTrouble() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                for round in 0..<2 {
                    for i in 0..<ScriptProgram.most + 50 {
                        let answer = await pool.answer(.define("return { answer = \(i) }"))
                        #expect(answer["answer"] == .integer(Int64(i)), "round \(round)")
                    }
                }
                // And by their size.
                let padding = "--" + String(repeating: "x", count: 60_000)
                for i in 0..<200 {
                    let answer = await pool.answer(.define("return { answer = \(i) } \(padding)"))
                    #expect(answer["answer"] == .integer(Int64(i)))
                }
                #expect(pool.health.respawns == 0)
            }
        }

        @Test func runsBehindOneThatAsksTheHostWaitForIt() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, log in
                var asking = ScriptRequest.define(
                    #"test("asks", function(t) for i = 1, 20 do t.decide { fleet = "a" } end end)"#,
                    wallMilliseconds: 1000
                )
                asking.mode = .test
                asking.entry = "asks"
                let good = await withTaskGroup(of: Bool.self) { group in
                    for i in 0..<40 {
                        group.addTask { [asking] in
                            guard i % 4 == 0 else {
                                return await pool.answer(.define("return { answer = \(i) }"))["answer"]
                                    == .integer(Int64(i))
                            }
                            let answer = await pool.answer(asking) { _ in
                                await Task.yield()
                                return .value(.table([]))
                            }
                            return answer.kind == nil
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(good == 40)
                #expect(log.workers.count == 1)
            }
        }

        @Test func whatTakesLongHasAWorkerForItself() async throws {
            let fake = try FakeWorker("exec /bin/cat <&3 >/dev/null")
            try await withPool(WorkerPoolConfiguration(size: 2, executable: fake.path)) { pool, _ in
                let long = Task { await pool.answer(.define("", name: "long.lua", wallMilliseconds: 60_000)) }
                while pool.health.running < 1 { await Task.yield() }
                let short = (0..<4).map { _ in Task { await pool.answer(.define("", wallMilliseconds: 900)) } }
                while pool.health.queued < 3 { await Task.yield() }
                // All four are at the other one; killing that one sends three of them again and leaves the long one alone.
                #expect(pool.health.running == 2)
                pool.shutdown()
                #expect(await long.value.kind == .unavailable)
                for task in short { #expect(await task.value.kind == .unavailable) }
            }
        }

        @Test func twoAnswersToOneOfSeveralRunsEndInAViolation() async throws {
            let result = Frame.result(ScriptResult(value: .null, transcript: [], log: [], usage: ScriptUsage()))
            let bytes = try result.encoded(limits: .toWorker)
            // Three answers to two runs.
            let fake = try FakeWorker(
                "/usr/bin/head -c 4 <&3 >/dev/null; /bin/cat $reply >&3; exec /bin/cat <&3 >/dev/null",
                reply: bytes + bytes + bytes
            )
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                let kinds = await Self.kinds(pool, [.good, .good])
                #expect(kinds.contains(.protocolViolation))
                #expect(pool.health.kills >= 1)
            }
        }
    }
}
