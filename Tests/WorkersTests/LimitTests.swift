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

        /// A script over one limit.
        struct Case: Sendable, CustomTestStringConvertible {
            var kind: ScriptFailure.Kind
            var lua: String
            var line: Int?
            /// Of the message.
            var text: String

            var testDescription: String { "\(kind)" }
        }

        private static let long = "--" + String(repeating: "x", count: 2500)
        static let cases: [Case] = [
            Case(kind: .instructionLimit, lua: "\n" + loop, line: 2, text: "300000 instructions"),
            Case(
                kind: .memoryLimit,
                lua: "\n\nlocal t = {} for i = 1, 1e6 do t[i] = {} end",
                line: 3,
                text: "1048576 bytes of memory"
            ),
            Case(
                kind: .logLimit,
                lua: "\nfor i = 1, 100 do print('a line of some length') end",
                line: 2,
                text: "printed more than 500 bytes"
            ),
            Case(kind: .resultLimit, lua: "return { text = ('x'):rep(2000) }", text: "1000 bytes of data"),
            Case(kind: .sourceLimit, lua: long, text: "2000 bytes"),
        ]

        @Test(arguments: cases) func aLimitSaysWhichItWasAndWhere(_ limit: Case) async throws {
            let (kind, line) = (limit.kind, limit.line)
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                var limits = Self.limits
                limits.wallMilliseconds = 5000
                let script = ScriptSource(name: "policies/scaling/x.lua", bytes: Array(limit.lua.utf8))
                let answer = await pool.answer(ScriptRequest(mode: .define, script: script, limits: limits))
                guard case .failure(let failure) = answer else {
                    Issue.record("it ran: \(answer)")
                    return
                }
                #expect(failure.kind == kind && failure.file == "policies/scaling/x.lua" && failure.line == line)
                #expect(failure.message.contains(limit.text), "\(failure.message)")
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
