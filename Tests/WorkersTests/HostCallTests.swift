import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// What a run asks of the host.
    struct HostCalls {
        /// Asks for ever: `$reply` after each frame that it gets.
        private static let asking = """
            /usr/bin/head -c 4 <&3 >/dev/null
            exec /bin/cat $reply <&3 >&3
            """

        private static func frame(_ name: String) throws -> [UInt8] {
            try Frame.hostCall(HostCall(name: name, arguments: .list([.integer(7)]))).encoded(limits: .fromWorker)
        }

        @Test func theClosureSeesTheCallAndMayHoldWhatItLikes() async throws {
            final class Notes { var calls: [HostCall] = [] }
            let fake = try FakeWorker(Self.asking, reply: try Self.frame("series"))
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                let notes = Notes()
                let answer = await pool.answer(.good) { call in
                    notes.calls.append(call)
                    return .value(.integer(1))
                }
                // `cat` ends after its one question.
                #expect(answer.kind == .workerDied)
                #expect(notes.calls == [HostCall(name: "series", arguments: .list([.integer(7)]))])
            }
        }

        @Test func theHostsTimeIsNotTheScripts() async throws {
            // One question; its answer is read, then a result.
            let call = try Self.frame("series")
            let result =
                try Frame.result(
                    ScriptResult(
                        value: .table([.init("answer", .integer(42))]),
                        transcript: [],
                        log: [],
                        usage: ScriptUsage()
                    )
                )
                .encoded(limits: .fromWorker)
            let request = ScriptRequest.define("", wallMilliseconds: 20)
            let asked =
                try Frame.program(request.program, number: 0).encoded(limits: .toWorker)
                + Frame.run(ProgramRun(request, program: 0)).encoded(limits: .toWorker)
            let script = """
                /usr/bin/head -c \(asked.count) <&3 >/dev/null
                /usr/bin/head -c \(call.count) $reply >&3
                /usr/bin/head -c 4 <&3 >/dev/null
                /usr/bin/tail -c \(result.count) $reply >&3
                exec /bin/cat <&3 >/dev/null
                """
            let fake = try FakeWorker(script, reply: call + result)
            var configuration = WorkerPoolConfiguration(size: 1, executable: fake.path)
            configuration.graceMilliseconds = 1000
            try await withPool(configuration) { pool, _ in
                let answer = await pool.answer(.define("", wallMilliseconds: 20)) { _ in
                    let clock = ContinuousClock()
                    let end = clock.now + .milliseconds(1200)
                    while clock.now < end { await Task.yield() }
                    return .value(.null)
                }
                #expect(answer.isGood)
            }
        }

        @Test func oneThatSpeaksOutOfTurnIsKilled() async throws {
            let call = try Self.frame("series")
            let fake = try FakeWorker(Self.asking, reply: call + call)
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                #expect(await pool.answer(.good) { _ in .value(.null) }.kind == .protocolViolation)
            }
        }

        @Test func aCancelledTaskLeavesItsWorkerToOthers() async throws {
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, log in
                var request = ScriptRequest.define(#"test("asks", function(t) t.decide { fleet = "a" } end)"#)
                request.mode = .test
                request.entry = "asks"
                let (asked, asks) = AsyncStream.makeStream(of: Void.self)
                let task = Task { [request] in
                    // A run that ends without having asked must fail this test and not hold it up.
                    defer { asks.finish() }
                    return await pool.answer(request) { _ in
                        asks.yield()
                        while !Task.isCancelled { await Task.yield() }
                        return .failure("cancelled")
                    }
                }
                for await _ in asked { break }
                task.cancel()
                #expect(await task.value.kind == .unavailable)
                #expect(await pool.answer(.good).isGood)
                #expect(log.workers.count == 1, "the worker was lost")
            }
        }

        @Test func anAnswerThatCannotBeSentBecomesAFailure() async throws {
            let fake = try FakeWorker(Self.asking, reply: try Self.frame("series"))
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                #expect(await pool.answer(.good) { _ in .value(.number(.nan)) }.kind == .workerDied)
            }
        }
    }
}
