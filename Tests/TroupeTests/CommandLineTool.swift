import Foundation
import TestSupport
import Testing

/// The real `troupe`, run as a person runs it.
struct CommandLineTool {
    typealias Ended = ChildProcess.Ended

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

    /// Runs a command to its end.
    ///
    /// - Parameter folder: where it runs; the repository, if nil.
    @discardableResult
    static func run(_ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) async throws
        -> Ended
    {
        guard let executable else { throw NotBuilt() }
        return try await ChildProcess.run(
            executable.path,
            arguments,
            in: folder ?? repository.path,
            environment: environment
        )
    }

    /// Runs a trial of `troupe-bench` to its end.
    static func bench(_ arguments: [String]) async throws -> Ended {
        guard let executable else { throw NotBuilt() }
        let bench = executable.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        return try await ChildProcess.run(bench.path, arguments)
    }

    /// The JSON that a command printed.
    static func json(_ ended: Ended) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    }
}
