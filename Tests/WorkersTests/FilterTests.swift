import Glibc
import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// The filter of system calls, and what is done where there is none.
    struct Filter {
        @Test func whatMustNotBePossibleIsDenied() throws {
            let (status, text) = try selfCheck()
            let lines = text.split(separator: "\n")
            guard !text.hasPrefix("NO FILTER") else {
                print("This kernel, or this build, gives workers no filter of system calls: \(lines.first ?? "")")
                return
            }
            #expect(status == 0)
            #expect(lines.count > 20)
            #expect(lines.allSatisfy { $0.hasPrefix("denied ") }, "\(text)")
            for what in ["fork", "execve", "socket", "map memory that can be executed", "make memory executable"] {
                #expect(lines.contains("denied \(what): Operation not permitted"))
            }
            // glibc asks for this file when it shrinks a heap, and understands this answer.
            #expect(lines.contains("denied open overcommit_memory: Permission denied"))
        }

        @Test func aPoolWithoutAFilterIsRefusedAndSaysWhatAllowsIt() throws {
            let fake = try FakeWorker(
                "exec /bin/cat <&3 >/dev/null",
                hello: WorkerHello(filter: .refused, reason: "the kernel knows no filters")
            )
            let error = #expect(throws: WorkerPoolError.self) {
                try WorkerPool(configuration: WorkerPoolConfiguration(executable: fake.path))
            }
            #expect(error?.code == .unfiltered)
            let text = error?.description ?? ""
            #expect(text.contains("the kernel knows no filters"))
            #expect(text.contains("--allow-no-seccomp") && text.contains("TROUPE_ALLOW_NO_SECCOMP=1"))
        }

        @Test func aPoolThatMayGoOnWithoutAFilterSaysSoLoudly() async throws {
            let fake = try FakeWorker(
                "exec /bin/cat <&3 >/dev/null",
                hello: WorkerHello(filter: .refused, reason: "the kernel knows no filters")
            )
            let configuration = WorkerPoolConfiguration(size: 1, executable: fake.path, allowsNoFilter: true)
            try await withPool(configuration) { pool, log in
                #expect(pool.health.unfiltered == "the kernel knows no filters")
                let loud = log.all.first { if case .unfiltered = $0 { true } else { false } }
                #expect(loud?.description.contains("WITHOUT") == true)
            }
        }

        @Test func aProgramThatSaysNoHelloIsNoWorker() throws {
            for script in ["exit 3", "printf 'hello' >&3; exec /bin/cat <&3 >/dev/null"] {
                let fake = try FakeWorker(script, hello: nil)
                let error = #expect(throws: WorkerPoolError.self) {
                    try WorkerPool(configuration: WorkerPoolConfiguration(size: 1, executable: fake.path))
                }
                #expect(error?.code == .cannotStart)
            }
        }

        /// How `troupe-worker --self-check` ends, and what it says.
        private func selfCheck() throws -> (status: Int32, text: String) {
            let path = try #require(WorkerFile.path)
            var ends: [Int32] = [-1, -1]
            #expect(pipe(&ends) == 0)
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
            for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
            let arguments = [strdup(path), strdup("--self-check"), nil]
            defer { for argument in arguments { free(argument) } }
            var process: pid_t = 0
            #expect(posix_spawn(&process, path, &actions, nil, arguments, [nil]) == 0)
            close(ends[1])
            var text: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 4096)
            while case let count = read(ends[0], &part, part.count), count > 0 { text += part[..<count] }
            close(ends[0])
            var status: Int32 = 0
            #expect(waitpid(process, &status, 0) == process)
            return ((status >> 8) & 0xff, String(decoding: text, as: UTF8.self))
        }
    }
}
