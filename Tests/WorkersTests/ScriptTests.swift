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
                    .define(
                        "local t = {} for i = 1, 1e9 do t[i] = 'x' .. i end",
                        wallMilliseconds: 20_000,
                        instructions: .max
                    )
                )
                #expect(answer.kind == .memoryLimit)
                #expect(await pool.answer(.good).isGood)
            }
        }

        @Test(arguments: ["0/0", "{ x = 1/0 }", "cycle()", "print", "{ { {}, function() end } }"])
        func rubbishIsNoResult(_ value: String) async throws {
            let lua = """
                local function cycle() local t = {} t.t = t return t end
                return { propose = function() return \(value) end }
                """
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var request = ScriptRequest.define(lua)
                request.mode = .call
                request.entry = "propose"
                #expect(await pool.answer(request).kind == .badResult)
                #expect(await pool.answer(.good).isGood)
            }
        }

        @Test func aScriptAsksTheHost() async throws {
            let lua = """
                test("asks", function(t)
                  local d = t.decide { fleet = "storefront" }
                  t.equal(d.outcome, "hold")
                end)
                """
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var request = ScriptRequest.define(lua, wallMilliseconds: 100)
                request.mode = .test
                request.entry = "asks"
                var calls: [HostCall] = []
                let answer = await pool.answer(request) { call in
                    calls.append(call)
                    // Longer than the run may take: the host's time is not the script's.
                    let end = ContinuousClock.now + .milliseconds(150)
                    while ContinuousClock.now < end { await Task.yield() }
                    return .value(.table([.init("outcome", .string("hold"))]))
                }
                #expect(calls.map(\.name) == ["decide"])
                guard case .success = answer else {
                    Issue.record("it failed: \(answer)")
                    return
                }
                #expect(await pool.answer(request).kind == .raised, "nobody answers")
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
