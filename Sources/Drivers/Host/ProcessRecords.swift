import CProcessGuard
import Foundation

/// The processes that one driver has started for one fleet: a file for each key, out of the driver's own reach, so that it can signal
/// what it started and nothing else.
struct ProcessRecords: Sendable {
    /// What to start.
    struct Start: Sendable {
        var key: String
        var program: String
        var arguments: [String]
        var environment: [(name: String, value: String)]
        var folder: String
        var log: String
    }

    let folder: URL

    static func isKey(_ key: String) -> Bool {
        (1...120).contains(key.utf8.count) && !key.hasPrefix(".")
            && key.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
            }
    }

    /// Starts a process, or answers with the one that was started under the key and is alive. Blocks.
    func start(_ start: Start) -> Result<ProcessIdentity, HostError> {
        func failed(_ what: String, _ error: Int32) -> Result<ProcessIdentity, HostError> {
            .failure(.unavailable("host.process.start \(start.program): \(what): \(String(cString: strerror(error)))"))
        }
        try? FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        prune()
        // Two that come at once: the second finds what the first has started.
        let record = locked(start.key)
        guard record >= 0 else { return failed("its record cannot be made and locked", errno) }
        defer { close(record) }
        if let known = identity(start.key), known.isAlive { return .success(known) }
        guard ftruncate(record, 0) == 0, lseek(record, 0, SEEK_SET) == 0 else {
            return failed("its record cannot be written", errno)
        }
        let log = open(start.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard log >= 0 else { return failed("\(start.log) cannot be opened", errno) }
        defer { close(log) }
        let error = withCStrings([start.program] + start.arguments) { arguments in
            withCStrings(start.environment.map { "\($0.name)=\($0.value)" }) { environment in
                troupe_start_detached(start.program, arguments, environment, start.folder, log, record)
            }
        }
        guard error == 0 else { return failed("it does not start", error) }
        guard let identity = identity(start.key) else { return failed("it left no record", EIO) }
        // The machine's start is ours to say: the process had no way to.
        let line = "\(identity.id) \(identity.ticks) \(ProcessIdentity.currentBoot)\n"
        _ = line.withCString { pwrite(record, $0, strlen($0), 0) }
        return .success(identity)
    }

    /// Its record, locked; one that was pruned meanwhile would tell nobody, and is made anew. Negative, with `errno`, where that fails.
    private func locked(_ key: String) -> Int32 {
        while true {
            let record = open(file(key), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard record >= 0 else { return record }
            var status = stat()
            if flock(record, LOCK_EX) != 0 || fstat(record, &status) != 0 {
                let error = errno
                close(record)
                errno = error
                return -1
            }
            if status.st_nlink > 0 { return record }
            close(record)
        }
    }

    /// The process that was started under a key, if it is alive.
    ///
    /// Waits for a start that is under way, also for one that was begun by a Troupe that is no more: it is not known before whether there
    /// is a process. Blocks.
    func find(_ key: String) -> Result<ProcessIdentity?, HostError> {
        if let known = identity(key), known.isAlive { return .success(known) }
        let record = open(file(key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard record >= 0 else { return .success(nil) }
        defer { close(record) }
        let end = ContinuousClock.now + .seconds(2)
        while flock(record, LOCK_SH | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else {
                return .failure(.unavailable("host.process.find \(key): it is being started, and not done with that"))
            }
            usleep(2000)
        }
        return .success(identity(key).flatMap { $0.isAlive ? $0 : nil })
    }

    /// Whether it was started here.
    func contains(_ identity: ProcessIdentity) -> Bool { keys.contains { self.identity($0) == identity } }

    private var keys: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    private func file(_ key: String) -> String { folder.appending(path: key).path }

    func identity(_ key: String) -> ProcessIdentity? {
        let record = open(file(key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard record >= 0 else { return nil }
        defer { close(record) }
        var bytes = [UInt8](repeating: 0, count: 120)
        let count = read(record, &bytes, bytes.count)
        return ProcessIdentity(record: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }

    /// A record of a process that is gone tells nothing.
    private func prune() {
        let keys = keys
        guard keys.count > 200 else { return }
        for key in keys where identity(key).map({ !$0.isAlive }) ?? false { unlink(file(key)) }
    }
}

/// As C wants a list of texts: zero-terminated, with a null at its end.
private func withCStrings<Value>(_ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value)
    -> Value
{
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(&pointers)
}
