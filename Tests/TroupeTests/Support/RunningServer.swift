import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// The real `troupe serve` on a port of its own, over a data folder of its own.
final class RunningServer: Sendable {
    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    struct Reply: Sendable {
        var status: Int
        var body: Data
        var text: String { String(decoding: body, as: UTF8.self) }

        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any], "\(text)")
        }
    }

    let data: String
    let url: String
    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let session: URLSession
    private let errors: String

    /// Starts it and waits until it is ready.
    ///
    /// - Parameters:
    ///   - workspace: a folder; a small one of its own, if nil.
    ///   - port: a free one, if 0.
    ///   - environment: beside that of the tests.
    init(
        workspace: String? = nil,
        data: String? = nil,
        port: Int = 0,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws {
        folder = try TemporaryFolder()
        self.data = data ?? folder.file("data")
        errors = folder.file("errors")
        process = try await Self.start(
            [
                "serve", workspace ?? SmallWorkspace.write(in: folder.file("workspace")), "--data", self.data, "--port",
                "\(port)",
            ] + arguments,
            environment: environment,
            errors: errors
        )
        session = URLSession(configuration: .ephemeral)
        let address = self.data + "/address"
        let deadline = ContinuousClock.now + .seconds(240)
        var found: String?
        while found == nil {
            guard process.isRunning, ContinuousClock.now < deadline else {
                throw Failed(
                    description: "troupe serve ended or hung: "
                        + ((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
                )
            }
            found = (try? String(contentsOfFile: address, encoding: .utf8))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        url = try #require(found)
        while url.hasPrefix("http:"), try await get("/readyz", token: nil).status != 200 {
            try #require(ContinuousClock.now < deadline, "the server does not become ready")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    deinit { process.send(SIGKILL) }

    private static func start(_ arguments: [String], environment: [String: String], errors: String) async throws
        -> ChildProcess
    {
        guard let executable = CommandLineTool.executable else { throw CommandLineTool.NotBuilt() }
        return try await ChildProcess(executable.path, arguments, environment: environment, errors: errors)
    }

    var isRunning: Bool { process.isRunning }
    var log: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

    /// The first token, of scope admin.
    func adminToken() throws -> String {
        try String(contentsOfFile: data + "/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A new token of a scope.
    func token(_ scope: String) async throws -> String {
        let reply = try await send(
            "POST",
            "/v1/tokens",
            token: adminToken(),
            headers: ["Content-Type": "application/json"],
            body: Data(#"{"name":"\#(scope)-test","scope":"\#(scope)"}"#.utf8)
        )
        return try #require(try reply.json()["text"] as? String)
    }

    func get(_ path: String, token: String?) async throws -> Reply { try await send("GET", path, token: token) }

    func send(
        _ method: String,
        _ path: String,
        token: String?,
        headers: [String: String] = [:],
        body: Data? = nil
    ) async throws -> Reply {
        var request = URLRequest(url: try #require(URL(string: url + path)))
        request.httpMethod = method
        request.httpBody = body
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        return Reply(status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: data)
    }

    /// Ends it as a crash does.
    func kill() async throws {
        process.send(SIGKILL)
        try await process.end()
    }

    /// Asks it to end, and returns its exit status.
    func stop() async throws -> Int32 {
        process.send(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(240)
        while process.isRunning {
            try #require(ContinuousClock.now < deadline, "the server does not end")
            try await Task.sleep(for: .milliseconds(10))
        }
        return try await process.end()
    }
}
