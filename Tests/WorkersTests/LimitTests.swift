import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// Each limit ends a run in a real worker, and the failure says which it was, how much was used and where.
    struct LimitTests {
        /// Of which each script below goes over one.
        private static let limits = ScriptLimits(
            instructions: 300_000,
            wallMilliseconds: 60,
            memoryBytes: 1 << 20,
            logBytes: 500,
            resultBytes: 1000,
            sourceBytes: 2000
        )

        private static let loop = "while true do end"
        private static let hoard = "local t = {} for i = 1, 1e6 do t[i] = {} end"
        private static let talk = "for i = 1, 100 do print('a line of some length') end"
        private static let much = "return { text = ('x'):rep(2000) }"

        @Test(arguments: [
            (ScriptFailure.Kind.instructionLimit, "\n" + loop, 2, "300000 instructions"),
            (.memoryLimit, "\n\n" + hoard, 3, "1048576 bytes of memory"),
            (.logLimit, "\n" + talk, 2, "printed more than 500 bytes"),
            (.resultLimit, much, nil, "1000 bytes of data"),
            (.sourceLimit, "--" + String(repeating: "x", count: 2500), nil, "2000 bytes"),
        ])
        func aLimitSaysWhichItWasAndWhere(_ kind: ScriptFailure.Kind, _ lua: String, _ line: Int?, _ text: String)
            async throws
        {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var limits = Self.limits
                limits.wallMilliseconds = 5000
                let script = ScriptSource(name: "policies/scaling/x.lua", bytes: Array(lua.utf8))
                let answer = await pool.answer(ScriptRequest(mode: .define, script: script, limits: limits))
                guard case .failure(let failure) = answer else {
                    Issue.record("it ran: \(answer)")
                    return
                }
                #expect(failure.kind == kind && failure.file == "policies/scaling/x.lua" && failure.line == line)
                #expect(failure.message.contains(text), "\(failure.message)")
                if kind == .instructionLimit { #expect(failure.usage.instructions == limits.instructions) }
                if kind == .memoryLimit { #expect(failure.usage.peakMemoryBytes > 1 << 19) }
                if kind == .logLimit { #expect(!failure.log.isEmpty) }
                #expect(pool.health.kills == 0, "the worker ends the run by itself")
                #expect(pool.health.scripts["policies/scaling/x.lua"]?.failuresByKind == [kind: 1])
                #expect(await pool.answer(.good).isGood)
            }
        }

        @Test func timeIsALimitToo() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var limits = Self.limits
                limits.instructions = .max
                let script = ScriptSource(name: "x.lua", bytes: Array("\n\(Self.loop)".utf8))
                let answer = await pool.answer(ScriptRequest(mode: .define, script: script, limits: limits))
                guard case .failure(let failure) = answer else {
                    Issue.record("it ran: \(answer)")
                    return
                }
                #expect(failure.kind == .wallLimit && failure.line == 2)
                #expect(failure.message.contains("60 ms"))
                #expect(failure.usage.wallMicroseconds >= 60_000)
            }
        }
    }

    /// What is counted.
    struct Counting {
        @Test func aScriptIsCountedByHowItEndedAndHowLongItTook() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                for _ in 0..<20 { _ = await pool.answer(.define("for i = 1, 1e5 do end return {}", name: "a.lua")) }
                for _ in 0..<3 { _ = await pool.answer(.define("error('no')", name: "a.lua")) }
                _ = await pool.answer(.define("return {", name: "a.lua"))
                let script = try #require(pool.health.scripts["a.lua"])
                #expect(script.evaluations == 24 && script.failures == 4)
                #expect(script.failuresByKind == [.raised: 3, .syntax: 1])
                #expect(script.medianMicroseconds > 50 && script.medianMicroseconds <= script.p99Microseconds)
                let health = pool.health
                #expect(health.unfiltered == nil || health.unfiltered?.isEmpty == false)
            }
        }
    }
}
