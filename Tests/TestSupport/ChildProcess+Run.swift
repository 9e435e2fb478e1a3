import Foundation

extension ChildProcess {
    package struct Ended: Sendable {
        package let status: Int32
        package let bytes: [UInt8]
        package let output: String
        package let errors: String
    }

    /// Runs a program to its end.
    ///
    /// - Parameter input: what it reads.
    package static func run(
        _ executable: String,
        _ arguments: [String] = [],
        in folder: String? = nil,
        environment: [String: String] = [:],
        input: [UInt8] = []
    ) async throws -> Ended {
        let scratch = try TemporaryFolder()
        defer { withExtendedLifetime(scratch) {} }
        let files = (input: scratch.file("input"), output: scratch.file("output"), errors: scratch.file("errors"))
        try Data(input).write(to: URL(fileURLWithPath: files.input))
        let child = try await ChildProcess(
            executable,
            arguments,
            in: folder,
            environment: environment,
            input: files.input,
            output: files.output,
            errors: files.errors
        )
        let status = try await child.end()
        let output = try Data(contentsOf: URL(fileURLWithPath: files.output))
        let errors = try Data(contentsOf: URL(fileURLWithPath: files.errors))
        return Ended(
            status: status,
            bytes: Array(output),
            output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self)
        )
    }
}
