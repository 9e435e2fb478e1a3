import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A program that runs beside the tests.
///
/// Not Foundation's `Process`: that looks through all descriptors of this process and, from some 1,360 on, reads beyond its buffer. What a
/// child reads and writes are files: nobody has to empty a pipe.
package final class ChildProcess: Sendable {
    package let identifier: Int32
    private let ending: Task<Int32, any Error>
    private let found: Found

    private final class Found: Sendable {
        let status = Mutex<Int32?>(nil)
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - executable: a path, or the name of a program on `PATH`.
    ///   - folder: where it runs; that of the tests, if nil.
    ///   - environment: beside that of the tests.
    ///   - input: the file it reads; nothing, if nil.
    ///   - output: the file it writes, created or emptied; nowhere, if nil.
    ///   - errors: likewise; it may be that of `output`.
    package init(
        _ executable: String,
        _ arguments: [String] = [],
        in folder: String? = nil,
        environment: [String: String] = [:],
        input: String? = nil,
        output: String? = nil,
        errors: String? = nil
    ) async throws {
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
            arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            workingDirectory: folder.map { FilePath($0) }
        )
        let nothing = "/dev/null"
        let reading = try FileDescriptor.open(FilePath(input ?? nothing), .readOnly)
        let outputs = try [output, errors]
            .map { path in
                try FileDescriptor.open(
                    FilePath(path ?? nothing),
                    .writeOnly,
                    options: [.create, .truncate, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            }
        let found = Found()
        let (starts, start) = AsyncThrowingStream<Int32, any Error>.makeStream()
        ending = Task {
            do {
                let result = try await Subprocess.run(
                    configuration,
                    input: .fileDescriptor(reading, closeAfterSpawningProcess: true),
                    output: .fileDescriptor(outputs[0], closeAfterSpawningProcess: true),
                    error: .fileDescriptor(outputs[1], closeAfterSpawningProcess: true)
                ) { execution in
                    start.yield(execution.processIdentifier.value)
                }
                let status: Int32 =
                    switch result.terminationStatus {
                    case .exited(let code): code
                    case .signaled(let signal): 128 + signal
                    }
                found.status.withLock { $0 = status }
                start.finish()
                return status
            } catch {
                start.finish(throwing: error)
                throw error
            }
        }
        var started: Int32?
        for try await process in starts {
            started = process
            break
        }
        guard let started else { throw CancellationError() }
        identifier = started
        self.found = found
    }

    /// How it ended: its exit status or, as shells say it, 128 and the number of the signal; nil while it runs.
    package var status: Int32? { found.status.withLock { $0 } }
    package var isRunning: Bool { status == nil }

    /// Waits for its end.
    @discardableResult
    package func end() async throws -> Int32 { try await ending.value }

    package func send(_ signal: Int32) {
        if isRunning { kill(identifier, signal) }
    }
}
