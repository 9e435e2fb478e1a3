import Domain
import Foundation
import ScriptProtocol
import Scripting
import Subprocess
import SystemPackage

extension DriverHost {
    static let mostOutputBytes = 4 << 20

    /// `host.exec{ command =, args =, stdin =, env =, timeout = }` → `{ code, stdout, stderr }`. Any exit code is an answer.
    func exec(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let options = try arguments.options("{ command = \"kubectl\", args = { … } }")
        let command = try options.required("command")
        let words = try options.texts("args")
        let input = try options.text("stdin") ?? ""
        let environment = try Self.environment(options)
        let timeout = try options.seconds("timeout", default: 30, upTo: 300)
        try options.end()
        try capabilities.check(command: command)
        let program = try Self.program(command, "host.exec")
        let time = try timeLeft(timeout)
        // By a status, for a group's untyped error would lose ours.
        let outcome = await withTaskGroup(of: Result<ScriptValue, HostError>.self) { group in
            group.addTask { await Self.run(command, program, words, input, environment) }
            group.addTask {
                try? await Task.sleep(for: time)
                return .failure(
                    .unavailable("host.exec \(command): it did not end within \(TimeSpan(time)) and was killed")
                )
            }
            let first = await group.next() ?? .failure(.unavailable("host.exec \(command) was cancelled"))
            group.cancelAll()
            return first
        }
        return try outcome.get()
    }

    private static func run(
        _ command: String,
        _ program: String,
        _ words: [String],
        _ input: String,
        _ environment: [(name: String, value: String)]
    ) async -> Result<ScriptValue, HostError> {
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(300))]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(program)),
                arguments: Arguments(words),
                environment: .custom(variables),
                platformOptions: platform,
                input: .string(input),
                output: .bytes(limit: mostOutputBytes),
                error: .bytes(limit: 64 << 10)
            )
            let code: Int64 =
                switch result.terminationStatus {
                case .exited(let code): Int64(code)
                case .signaled(let signal): 128 + Int64(signal)
                }
            return .success(
                .record([
                    ("code", .integer(code)),
                    ("stdout", .string(String(decoding: result.standardOutput, as: UTF8.self))),
                    ("stderr", .string(String(decoding: result.standardError, as: UTF8.self))),
                ])
            )
        } catch {
            return .failure(.unavailable("host.exec \(command): \(error)"))
        }
    }

    // MARK: Programs

    /// What a program of a driver sees of our environment: no more than it needs to find others.
    static func environment(_ options: HostOptions) throws(HostError) -> [(name: String, value: String)] {
        let ours = ProcessInfo.processInfo.environment
        var environment = [
            "PATH": ours["PATH"] ?? searchPath, "LANG": ours["LANG"] ?? "C.UTF-8", "HOME": ours["HOME"] ?? "/",
        ]
        for (name, value) in try options.settings("env") {
            guard !name.isEmpty, !name.contains("="), !name.contains("\0"), !value.contains("\0") else {
                throw .misuse("\(options.name): env.\(name) is no name of a variable")
            }
            environment[name] = value
        }
        return environment.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// The file of a program: the absolute path that it is, or found where programs are looked for.
    static func program(_ command: String, _ caller: String) throws(HostError) -> String {
        guard !command.contains("\0") else { throw .misuse("\(caller): the command holds a zero byte") }
        if command.hasPrefix("/") {
            guard access(command, X_OK) == 0 else { throw .misuse("\(caller): there is no program \(command)") }
            return command
        }
        guard !command.contains("/") else {
            throw .misuse("\(caller): \(command) is a path from nowhere; expected a name or an absolute path")
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? searchPath
        for folder in path.split(separator: ":") where access("\(folder)/\(command)", X_OK) == 0 {
            return "\(folder)/\(command)"
        }
        throw .misuse("\(caller): there is no program \(command) in \(path)")
    }
}
