import Foundation
import TestSupport
import Testing

/// The real `troupe`, run as a person runs it.
struct CommandLineTool {
    struct Ended {
        let status: Int32
        let output: String
        let errors: String
    }

    struct NotBuilt: Error, CustomStringConvertible {
        var description: String { "there is no troupe beside the test runner: swift build --build-tests builds it" }
    }

    /// Beside the test runner, where SwiftPM puts all products.
    static let executable: URL? = {
        var folders = [URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()]
        folders.append(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../.build/debug")
                .standardized
        )
        return folders.map { $0.appendingPathComponent("troupe") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// The repository, which is a workspace too.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Two at a time, on threads of their own: a test that waits for a command must hold none of the few that all tests share.
    private static let turns: OperationQueue = {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 2
        return queue
    }()

    /// Runs a command to its end.
    ///
    /// - Parameter folder: where it runs; the repository, if nil.
    @discardableResult
    static func run(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) async throws
        -> Ended
    {
        try await withCheckedThrowingContinuation { continuation in
            turns.addOperation {
                continuation.resume(with: Result { try runToItsEnd(arguments, in: folder, environment: environment) })
            }
        }
    }

    /// Runs a trial of `troupe-bench` to its end, beside all others: they take long, and wait most of it.
    ///
    /// - Returns: what it printed, errors included, as `output`.
    static func bench(_ arguments: [String]) async throws -> Ended {
        guard let executable else { throw NotBuilt() }
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = executable.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        process.arguments = arguments
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        let status = try await process.runToTheEnd()
        return Ended(status: status, output: try String(contentsOfFile: output, encoding: .utf8), errors: "")
    }

    private static func runToItsEnd(_ arguments: [String], in folder: String?, environment: [String: String]) throws
        -> Ended
    {
        let process = Process()
        guard let executable = Self.executable else { throw NotBuilt() }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder.map { URL(fileURLWithPath: $0) } ?? repository
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: nobody has to read them while the command runs.
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("troupe-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let files = ["out", "err"].map { scratch.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.startPatiently()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
        )
    }

    /// The JSON that a command printed.
    static func json(_ ended: Ended) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    }
}
