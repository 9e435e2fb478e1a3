import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// Programs that are no workers, or not any more.
    struct HostileWorkers {
        /// Each reads four bytes of the request, so that it does not speak before it is asked.
        private static let read = "/usr/bin/head -c 4 <&3 >/dev/null\n"

        private func kind(_ script: String, reply: [UInt8] = [], calls: [HostAnswer] = []) async throws
            -> ScriptFailure.Kind?
        {
            let fake = try FakeWorker(script, reply: reply)
            var kind: ScriptFailure.Kind?
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                let answer = await pool.answer(.define("return {}", wallMilliseconds: 1000))
                kind = answer.kind
            }
            return kind
        }

        @Test(
            arguments: [
                #"printf 'hello, this is no frame at all' >&3"#,
                #"printf '\377\377\377\377' >&3"#,
                #"printf '\000\000\000\000' >&3"#,
                #"printf '\004\000\000\000\002\004\376\376' >&3"#,
                "exec /bin/cat /dev/zero >&3",
                "exec /usr/bin/head -c 100000 /dev/urandom >&3",
            ])
        func garbageIsAViolation(_ script: String) async throws {
            #expect(try await kind(Self.read + script + "\nexec /bin/cat <&3 >/dev/null") == .protocolViolation)
        }

        @Test func framesThatAreNotAWorkersAreViolations() async throws {
            let frames: [Frame] = [
                .hello(WorkerHello(filter: .installed)),
                .program(ScriptRequest.good.program, number: 0),
                .run(try ProgramRun(.good, program: 0)),
                .hostAnswer(.value(.null)),
                .failure(ScriptFailure(kind: .quarantined, message: "")),
                .failure(ScriptFailure(kind: .deadline, message: "")),
            ]
            for frame in frames {
                let bytes = try frame.encoded(limits: .toWorker)
                let ending = try await kind(
                    Self.read + "/bin/cat $reply >&3; exec /bin/cat <&3 >/dev/null",
                    reply: bytes
                )
                #expect(ending == .protocolViolation)
            }
        }

        @Test func twoAnswersAreOneTooMany() async throws {
            let result = Frame.result(ScriptResult(value: .null, transcript: [], log: [], usage: ScriptUsage()))
            let bytes = try result.encoded(limits: .toWorker)
            #expect(
                try await kind(Self.read + "exec /bin/cat $reply <&3 >&3", reply: bytes + bytes) == .protocolViolation
            )
        }

        @Test func textsAreCleaned() async throws {
            let failure = ScriptFailure(
                kind: .raised,
                message: "a\u{1b}[2Jb\nERROR forged\u{202e}",
                file: "x\n.lua",
                log: ["ok\tgood", "\u{85}"]
            )
            let bytes = try Frame.failure(failure).encoded(limits: .toWorker)
            let fake = try FakeWorker(Self.read + "/bin/cat $reply >&3; exec /bin/cat <&3 >/dev/null", reply: bytes)
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                guard case .failure(let failure) = await pool.answer(.good) else {
                    Issue.record("no failure")
                    return
                }
                #expect(failure.message == "a\u{FFFD}[2Jb\u{FFFD}ERROR forged\u{FFFD}")
                #expect(failure.file == "x\u{FFFD}.lua")
                #expect(failure.log == ["ok\tgood", "\u{FFFD}"])
            }
        }

        @Test func oneThatTricklesMeetsItsDeadline() async throws {
            // A long frame, a byte at a time, for ever.
            let script = Self.read + #"printf '\000\000\020\000' >&3; while :; do printf x >&3; done"#
            let fake = try FakeWorker(script)
            try await withPool(WorkerPoolConfiguration(size: 1, executable: fake.path)) { pool, _ in
                #expect(await pool.answer(.define("", wallMilliseconds: 10)).kind == .deadline)
            }
        }

        @Test(arguments: ["exit 0", "exit 7", "kill -SEGV $$", "exec 3>&-; exec /bin/cat /dev/zero >/dev/null"])
        func oneThatLeavesIsReplaced(_ script: String) async throws {
            #expect(try await kind(Self.read + script) == .workerDied)
        }

        @Test func oneThatNeverComesUpIsSaidSo() async throws {
            let fake = try FakeWorker("exit 2")
            var configuration = WorkerPoolConfiguration(size: 2, executable: fake.path)
            configuration.longestBackoffMilliseconds = 50
            try await withPool(configuration) { pool, _ in
                for _ in 0..<10 {
                    let kind = await pool.answer(.good).kind
                    #expect(kind == .workerDied || kind == .unavailable)
                }
                #expect(pool.health.quarantined == [])
            }
        }

        @Test func onesThatCannotBeStartedAreNoPool() throws {
            #expect(throws: WorkerPoolError.self) {
                try WorkerPool(configuration: WorkerPoolConfiguration(executable: "/nowhere/troupe-worker"))
            }
            #expect(throws: WorkerPoolError.self) {
                try WorkerPool(configuration: WorkerPoolConfiguration(size: 0))
            }
            let fake = try FakeWorker("")
            // Not a program: an interpreter that is not there.
            let error = #expect(throws: WorkerPoolError.self) {
                try WorkerPool(
                    configuration: WorkerPoolConfiguration(executable: fake.path.replacing("worker", with: ""))
                )
            }
            #expect(error?.description.isEmpty == false)
        }
    }
}
