import Dispatch
import Glibc
import ScriptProtocol
import Synchronization
import Testing

@testable import Workers

/// All tests with processes, one after the other: they count what is left, and share two processors.
@Suite(.serialized) struct WorkerTests {}

/// What a pool told its log.
final class EventLog: Sendable {
    private let events = Mutex<[WorkerPoolEvent]>([])

    func add(_ event: WorkerPoolEvent) { events.withLock { $0.append(event) } }

    var all: [WorkerPoolEvent] { events.withLock { $0 } }

    /// Every worker there ever was.
    var workers: [Int32] {
        all.compactMap { if case .started(let worker) = $0 { worker } else { nil } }
    }
}

/// Process ids that several tasks collect.
final class ProcessList: Sendable {
    private let list = Mutex<[Int32]>([])

    func add(_ process: Int32) { list.withLock { $0.append(process) } }

    var all: [Int32] { list.withLock { $0 } }
}

/// Runs `body` with a pool; then no process of it may be left. (Descriptors: `LeftoverTests`.)
func withPool(
    _ configuration: WorkerPoolConfiguration = WorkerPoolConfiguration(),
    _ body: (WorkerPool, EventLog) async throws -> Void
) async throws {
    let log = EventLog()
    var configuration = configuration
    configuration.log = { log.add($0) }
    do {
        let pool = try WorkerPool(configuration: configuration)
        defer { pool.shutdown() }
        try await body(pool, log)
    }
    #expect(log.workers.filter(Leftovers.exists) == [], "processes are left")
}

enum Leftovers {
    /// Sleeps once, and lets a pool come and go: the runtime opens descriptors of its own when it first waits for time, and keeps them.
    static func warmUp() async throws {
        try await Task.sleep(for: .milliseconds(1))
        try await withPool(WorkerPoolConfiguration(size: 2)) { pool, _ in
            for worker in pool.health.workers {
                kill(worker, SIGKILL)
                await gone(worker)
            }
            _ = await pool.answer(.good)
        }
        // Timers of both clocks.
        try await Task.sleep(for: .milliseconds(1), clock: .suspending)
        await withCheckedContinuation { done in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(1)) { done.resume() }
        }
    }

    /// How many descriptors of the kinds that a pool uses are open.
    static func descriptors() -> Int {
        (0..<4096)
            .count { number in
                var target = [CChar](repeating: 0, count: 64)
                guard readlink("/proc/self/fd/\(number)", &target, 63) > 0 else { return false }
                let text = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return text.hasPrefix("socket:") || text.hasPrefix("anon_inode:[eventfd]")
                    || text.hasPrefix("anon_inode:[timerfd]")
            }
    }

    /// Waits for a signal to arrive: it is under way when `kill` returns.
    static func gone(_ process: Int32) async {
        while exists(process) { await Task.yield() }
    }

    /// Stops a process and waits until it stands.
    static func stop(_ process: Int32) async {
        kill(process, SIGSTOP)
        while true {
            guard let file = fopen("/proc/\(process)/stat", "r") else { return }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = fread(&bytes, 1, 256, file)
            fclose(file)
            let state = bytes[..<count].split(separator: UInt8(ascii: ")")).last?.dropFirst().first
            if state == UInt8(ascii: "T") { return }
            await Task.yield()
        }
    }

    /// Zombies exist too.
    static func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 }
}

/// Where the tests find the worker, as the pool does.
enum WorkerFile {
    static var path: String? {
        if let named = getenv("TROUPE_WORKER") { return String(cString: named) }
        guard let own = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(own) }
        return "/" + String(cString: own).split(separator: "/").dropLast().joined(separator: "/") + "/troupe-worker"
    }
}

/// A program that takes the place of the worker; removed at the end.
struct FakeWorker: ~Copyable {
    let path: String
    private let folder: String

    /// - Parameters:
    ///   - script: for `sh`, without a PATH; descriptor 3 is the connection.
    ///   - reply: the content of the file `$reply`.
    ///   - hello: what it says before the script runs; nil for nothing.
    /// - Throws: where it cannot be written.
    init(
        _ script: String,
        reply: [UInt8] = [],
        hello: WorkerHello? = WorkerHello(filter: .installed)
    ) throws {
        let greeting = try hello.map { try Frame.hello($0).encoded(limits: .fromWorker) } ?? []
        let folder = try Self.makeFolder()
        self.folder = folder
        path = folder + "/worker"
        try? Self.write(reply, to: folder + "/reply", mode: 0o600)
        try? Self.write(greeting, to: folder + "/hello", mode: 0o600)
        let lines = "#!/bin/sh\nreply=\(folder)/reply\n/bin/cat \(folder)/hello >&3\n\(script)\n"
        try? Self.write(Array(lines.utf8), to: path, mode: 0o700)
    }

    deinit {
        for name in ["/reply", "/hello", "/worker"] { unlink(folder + name) }
        rmdir(folder)
    }

    struct Trouble: Error {}

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/troupe-fake-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Trouble() }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode)
        guard file >= 0 else { throw Trouble() }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw Trouble() }
    }
}

extension ScriptRequest {
    /// A script that is only loaded.
    static func define(
        _ lua: String,
        name: String = "policies/scaling/test.lua",
        wallMilliseconds: Int64 = 1000,
        instructions: Int64 = 5_000_000
    ) -> ScriptRequest {
        ScriptRequest(
            mode: .define,
            script: ScriptSource(name: name, bytes: Array(lua.utf8)),
            limits: ScriptLimits(instructions: instructions, wallMilliseconds: wallMilliseconds)
        )
    }

    /// Answers `{ answer = 42 }`.
    static let good = define("return { answer = 42 }", name: "policies/scaling/good.lua")
}

extension Result<ScriptResult, ScriptFailure> {
    var kind: ScriptFailure.Kind? { if case .failure(let failure) = self { failure.kind } else { nil } }

    /// Of a table.
    subscript(_ key: String) -> ScriptValue? {
        guard case .success(let result) = self, case .table(let fields) = result.value else { return nil }
        return fields.first { $0.key == key }?.value
    }

    var isGood: Bool { self["answer"] == .integer(42) }
}
