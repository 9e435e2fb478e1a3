import Foundation
import TestSupport
import Testing

/// Requests made up from the API's own description: none is answered otherwise than it says, and none does what its token may not.
@Suite(.serialized)
struct SchemathesisTests {
    static let executable: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { $0 + "/schemathesis" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(
        .enabled(if: executable != nil, "there is no schemathesis (PyPI's package of that name) in the path"),
        arguments: [nil, "agent", "viewer", "operator", "admin"]
    )
    func theServerKeepsItsDescription(_ scope: String?) async throws {
        let server = try await RunningServer()
        let admin = try server.adminToken()
        var token: String?
        if let scope { token = try await server.token(scope) }
        let before = try await Self.state(server, admin)
        // Every constraint of the description is tried at its borders by the one who gets far enough.
        try await Self.run(against: server, token: token, phases: scope == "admin" ? "coverage,fuzzing" : "fuzzing")
        #expect(try await server.get("/readyz", token: nil).status == 200)
        guard scope == nil || scope == "agent" || scope == "viewer" else { return }
        // An agent brings readings, and nothing else changes.
        #expect(try await Self.state(server, admin) == before)
        guard scope != "agent" else { return }
        #expect(try await server.get("/v1/kpis", token: admin).text.contains("\"series\":[]"))
    }

    /// All that a request could change but for readings, the record of changes first.
    private static func state(_ server: RunningServer, _ admin: String) async throws -> [String] {
        var all: [String] = []
        for path in ["/v1/audit", "/v1/workspace", "/v1/workspace/history", "/v1/resources", "/v1/personas"] {
            let reply = try await server.get(path, token: admin)
            #expect(reply.status == 200, "\(path)")
            all.append(reply.text)
        }
        let tokens = try await server.get("/v1/tokens", token: admin).json()
        for token in try #require(tokens["tokens"] as? [[String: Any]]) {
            all.append(["id", "scope", "revoked_at"].map { "\(token[$0] ?? "")" }.joined(separator: " "))
        }
        return all
    }

    private static func run(against server: RunningServer, token: String?, phases: String) async throws {
        let folder = try TemporaryFolder()
        let settings = CommandLineTool.repository.appendingPathComponent("Tests/API")
        let ended = try await ChildProcess.run(
            try #require(executable),
            [
                "--config-file", settings.appendingPathComponent("schemathesis.toml").path, "run",
                server.url + "/openapi.json", "--phases", phases, "--max-examples", "4", "--seed", "47",
                "--generation-database", "none", "--no-shrink", "--no-color", "--suppress-health-check", "all",
                "--checks", "all",
            ] + (token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []),
            in: folder.path,
            environment: ["PYTHONPATH": settings.path, "SCHEMATHESIS_HOOKS": "hooks"]
        )
        #expect(ended.status == 0, "\(ended.output.suffix(6000))")
    }
}
