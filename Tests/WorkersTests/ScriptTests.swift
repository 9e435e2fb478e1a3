import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// Scripts in real workers.
    struct Scripts {
        @Test func aGoodScriptAnswers() async throws {
            try await withPool { pool, _ in
                #expect(await pool.answer(.good).isGood)
                let health = pool.health
                #expect(health.workers.count == 2)
                #expect(health.evaluations == 1 && health.failures == 0)
                #expect(health.scripts["policies/scaling/good.lua"]?.evaluations == 1)
            }
        }

        @Test func manyAtOnceEachGetTheirOwn() async throws {
            try await withPool { pool, _ in
                let right = await withTaskGroup(of: Bool.self) { group in
                    for i in 0..<400 {
                        group.addTask {
                            await pool.answer(.define("return { answer = \(i) }"))["answer"] == .integer(Int64(i))
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(right == 400)
                #expect(pool.health.respawns == 0)
            }
        }

        @Test func aLoopEndsAtALimit() async throws {
            try await withPool { pool, _ in
                let answer = await pool.answer(.define("while true do end"))
                #expect(answer.kind == .instructionLimit)
                let slow = await pool.answer(
                    .define("while true do end", wallMilliseconds: 50, instructions: .max)
                )
                #expect(slow.kind == .wallLimit)
                #expect(await pool.answer(.good).isGood)
                #expect(pool.health.kills == 0)
            }
        }

        @Test func memoryEndsAtALimit() async throws {
            try await withPool { pool, _ in
                let answer = await pool.answer(
                    .define("local t = {} for i = 1, 1e9 do t[i] = 'x' .. i end", instructions: .max)
                )
                #expect(answer.kind == .memoryLimit)
                #expect(await pool.answer(.good).isGood)
            }
        }

        @Test(arguments: ["return 1", "return { x = 0/0 }", "local t = {} t.t = t return t", "return"])
        func rubbishIsNoResult(_ lua: String) async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                #expect(await pool.answer(.define(lua)).kind == .badResult)
                #expect(await pool.answer(.good).isGood)
            }
        }

        @Test func errorsSayWhere() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                guard case .failure(let failure) = await pool.answer(.define("\n\nerror('oh no')")) else {
                    Issue.record("it did not fail")
                    return
                }
                #expect(failure.kind == .raised)
                #expect(failure.file == "policies/scaling/test.lua" && failure.line == 3)
                #expect(failure.message.contains("oh no"))
                #expect(await pool.answer(.define("return {")).kind == .syntax)
            }
        }

        @Test func aRequestTooDeepIsRefused() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var request = ScriptRequest.good
                request.input = (0..<100).reduce(.null) { value, _ in .list([value]) }
                #expect(await pool.answer(request).kind == .protocolViolation)
                request.input = .number(.nan)
                #expect(await pool.answer(request).kind == .protocolViolation)
                #expect(await pool.answer(.good).isGood)
                #expect(pool.health.kills == 0)
            }
        }

        @Test func aLargeRequestGoesThrough() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var request = ScriptRequest.good
                request.input = .numbers([Double](repeating: .nan, count: 1_000_000))
                #expect(await pool.answer(request).isGood)
            }
        }
    }
}
