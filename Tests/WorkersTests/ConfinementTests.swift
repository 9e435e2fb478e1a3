import Glibc
import Testing
import Workers

extension WorkerTests {
    /// What a worker has denied itself, as the system sees it.
    struct Confinement {
        @Test func aWorkerHasNothingButItsConnection() async throws {
            // Something that must not be inherited.
            let stray = open("/dev/null", O_RDONLY)
            defer { close(stray) }
            try await withPool(WorkerPoolConfiguration(size: 1)) { pool, _ in
                // It has confined itself before it answers.
                #expect(await pool.answer(.good).isGood)
                let worker = try #require(pool.health.workers.first)

                let descriptors = (0..<256)
                    .filter { access("/proc/\(worker)/fd/\($0)", F_OK) == 0 || isLink(worker, $0) }
                #expect(descriptors == [0, 1, 2, 3])
                #expect(read("/proc/\(worker)/environ") == "")

                let status = read("/proc/\(worker)/status").split(separator: "\n")
                #expect(status.contains("NoNewPrivs:\t1"))
                // By the list of system calls, where the kernel has such lists.
                if pool.health.unfiltered == nil { #expect(status.contains("Seccomp:\t2")) }
                // Two threads: the one that waits, and the one with the large stack.
                #expect(status.contains("Threads:\t2"))
                #expect(status.contains("SigBlk:\t0000000000000000"))

                let limits = read("/proc/\(worker)/limits").split(separator: "\n")
                func limit(_ name: String) -> [Substring] {
                    limits.first { $0.hasPrefix(name) }?.dropFirst(26).split(separator: " ") ?? []
                }
                #expect(limit("Max core file size").prefix(2) == ["0", "0"])
                #expect(limit("Max file size").prefix(2) == ["0", "0"])
                #expect(limit("Max open files").prefix(2) == ["4", "4"])
                #expect(limit("Max processes").prefix(2) == ["0", "0"])
                #expect(limit("Max address space").first.flatMap { Int($0) } ?? 0 < 1 << 30)
                // The soft limit of processor time follows the evaluations.
                let seconds = limit("Max cpu time").prefix(2).compactMap { Int($0) }
                #expect(seconds.count == 2 && seconds[0] < 60 && seconds[0] < seconds[1])
            }
        }

        @Test func aWorkerStartedByHandEnds() throws {
            // Nobody's child speaks on descriptor 3 there.
            var process: pid_t = 0
            let path = try #require(WorkerFile.path)
            let arguments = [strdup(path), strdup("1"), nil]
            defer { for argument in arguments { free(argument) } }
            #expect(posix_spawn(&process, path, nil, nil, arguments, [nil]) == 0)
            var status: Int32 = 0
            #expect(waitpid(process, &status, 0) == process)
            #expect((status >> 8) & 0xff == 2 || (status >> 8) & 0xff == 3)
        }

        private func isLink(_ process: Int32, _ descriptor: Int) -> Bool {
            var target = [CChar](repeating: 0, count: 64)
            return readlink("/proc/\(process)/fd/\(descriptor)", &target, 63) > 0
        }

        private func read(_ path: String) -> String {
            guard let file = fopen(path, "r") else { return "" }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 65536)
            return String(decoding: bytes[..<fread(&bytes, 1, 65536, file)], as: UTF8.self)
        }
    }
}
