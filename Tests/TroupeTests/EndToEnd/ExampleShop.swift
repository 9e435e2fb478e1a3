import Foundation
import TestSupport
import Testing

/// The example of `plugins/process`, copied as its README says, on ports of its own: a workspace, its programs, and what they run.
final class ExampleShop: Sendable {
    static let nginx: String? = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    let folder: TemporaryFolder
    let serverPort: Int
    let frontPort: Int

    /// What one server is meant to serve a second, and what comes at least and at most.
    static let capacity = 10.0
    static let low = 8.0
    static let high = 45.0

    init() throws {
        folder = try TemporaryFolder()
        (serverPort, frontPort) = (try FreePort.find(), try FreePort.find())
        let files = FileManager.default
        let plugin = CommandLineTool.repository.appendingPathComponent("plugins/process")
        try files.copyItem(atPath: plugin.appendingPathComponent("example").path, toPath: workspace)
        try files.createDirectory(atPath: workspace + "/plugins/process", withIntermediateDirectories: true)
        try files.copyItem(
            atPath: plugin.appendingPathComponent("plugin.lua").path,
            toPath: workspace + "/plugins/process/plugin.lua"
        )
        try files.createDirectory(atPath: run, withIntermediateDirectories: true)
        let low = 29_100 + Int(getpid() % 160) * 20
        try edit(
            "policies/fleets/shop.lua",
            [
                "20000-20099": "\(low)-\(low + 19)", "max = 8": "max = 6",
                "--port {port}": "--port {port} --troupe http://127.0.0.1:\(serverPort)",
            ]
        )
        try edit(
            "policies/personas/standard.lua",
            ["warm_up_s=5": "warm_up_s=2", "startup = \"8s\"": "startup = \"4s\""]
        )
        // That no request fails is to be owed to the order in which servers leave, and not to a second try.
        try edit(
            "nginx.conf",
            [
                "127.0.0.1:8080": "127.0.0.1:\(frontPort)",
                "proxy_next_upstream error timeout": "proxy_next_upstream off",
            ]
        )
    }

    /// Nothing that a test has started outlives it, whatever became of the test.
    deinit {
        for process in servers + strays { kill(process, SIGKILL) }
    }

    var workspace: String { folder.file("shop") }
    var data: String { workspace + "/.troupe" }
    var run: String { workspace + "/run" }
    var url: String { "http://127.0.0.1:\(frontPort)/" }

    /// The example's programs and Troupe's are found as on the machine of someone who follows the README.
    var environment: [String: String] {
        let troupe = CommandLineTool.executable?.deletingLastPathComponent().path ?? ""
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return ["PATH": "\(workspace)/bin:\(troupe):\(path):/usr/sbin", "TROUPE_DATA": data]
    }

    /// Replaces texts in a file, each of which must be there.
    private func edit(_ path: String, _ changes: [String: String]) throws {
        let file = workspace + "/" + path
        var text = try String(contentsOfFile: file, encoding: .utf8)
        for (old, new) in changes {
            try #require(text.contains(old), "\(path) has no “\(old)” to be replaced")
            text = text.replacing(old, with: new)
        }
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    // MARK: Its programs

    /// Starts one of its programs; what it says goes to a file of its name.
    func start(_ program: String, _ arguments: [String] = []) async throws -> ChildProcess {
        let log = folder.file(program + ".log")
        return try await ChildProcess(
            "\(workspace)/bin/\(program)",
            arguments,
            in: workspace,
            environment: environment,
            output: log,
            errors: log
        )
    }

    func log(of program: String) -> String {
        (try? String(contentsOfFile: folder.file(program + ".log"), encoding: .utf8)) ?? ""
    }

    /// Runs a command of `troupe`, which must end well.
    @discardableResult
    func troupe(_ arguments: String...) async throws -> String {
        let ended = try await CommandLineTool.run(arguments, in: workspace, environment: environment)
        try #require(ended.status == 0, "troupe \(arguments.joined(separator: " ")): \(ended.errors)")
        return ended.output
    }

    // MARK: Its processes

    /// Ports that nginx sends to.
    var serving: Set<String> {
        let text = (try? String(contentsOfFile: run + "/serving", encoding: .utf8)) ?? ""
        return Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    /// What the driver has started and is alive, or may be.
    var servers: [pid_t] {
        let records = data + "/plugins/.processes/process/shop"
        let keys = (try? FileManager.default.contentsOfDirectory(atPath: records)) ?? []
        return keys.compactMap { key in
            let words = (try? String(contentsOfFile: records + "/" + key, encoding: .utf8))?.split(separator: " ") ?? []
            return words.first.flatMap { pid_t($0) }.flatMap { $0 > 1 && kill($0, 0) == 0 ? $0 : nil }
        }
    }

    /// A process as `ps` shows it: state and words.
    func words(of process: pid_t) -> String {
        let read = { (name: String) in FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data() }
        let state = String(decoding: read("status"), as: UTF8.self).split(separator: "\n").prefix(7)
            .joined(separator: " ")
        return "\(state): \(String(decoding: read("cmdline"), as: UTF8.self).replacing("\0", with: " "))"
    }

    /// All that runs out of this folder or in it.
    var strays: [pid_t] {
        let here = folder.path
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
        return all.filter { process in
            guard process != getpid() else { return false }
            let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            return String(decoding: words, as: UTF8.self).contains(here) || place?.hasPrefix(here) ?? false
        }
    }
}
