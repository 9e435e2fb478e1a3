import Foundation
import TestSupport
import Testing

/// A running server and its workspace, which commands are tried on.
final class ServedTroupe {
    let folder: TemporaryFolder
    private let server: RunningServer

    /// Starts it and returns once it is ready.
    ///
    /// - Parameter arguments: for `serve`, beside the workspace, the data folder and a free port.
    init(_ arguments: [String] = []) async throws {
        folder = try TemporaryFolder()
        for (path, text) in Self.workspace { try folder.write("workspace/" + path, text) }
        server = try await RunningServer(
            workspace: folder.file("workspace"),
            data: folder.file("data"),
            arguments: ["--log-format", "json"] + arguments
        )
    }

    var data: String { server.data }
    var workspace: String { folder.file("workspace") }
    var url: String { server.url }

    func write(_ path: String, _ text: String) throws { try folder.write("workspace/" + path, text) }

    /// Runs a command against it, in UTC and ASCII, from a folder that is no workspace.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> CommandLineTool.Ended {
        try await CommandLineTool.run(
            arguments,
            in: folder.path,
            environment: ["TROUPE_DATA": data, "TZ": "UTC", "LC_ALL": "C"].merging(environment) { _, new in new }
        )
    }

    /// Waits until something holds; a process has its own time.
    func wait(for what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = Date(timeIntervalSinceNow: 240)
        while try await !holds() {
            guard server.isRunning, Date() < deadline else { throw Late(what: what, log: server.log) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    struct Late: Error, CustomStringConvertible {
        let what: String
        let log: String
        var description: String { "waited in vain for \(what); the server's log:\n\(log.suffix(4000))" }
    }

    /// One fleet of two resources, and two personas that differ in a file.
    static let workspace = [
        "policies/personas/web.lua": persona("web", perHour: "1"),
        "policies/personas/safe.lua": persona("safe", perHour: "2"),
        "policies/fleets/shop.lua": """
        return fleet {
          name = "shop", driver = "simulated",
          personas = { "web", "safe" }, policies = { "quiet" },
          demand = "request_rate",
          limits = { min = 2, max = 50 },
          mode = "act",
        }
        """,
        "policies/scaling/quiet.lua": """
        local policy = { name = "quiet" }
        function policy.propose(ctx) return nil end
        return policy
        """,
    ]

    static func persona(_ name: String, perHour: String) -> String {
        """
        return persona {
          name = "\(name)",
          capacity = { request_rate = 100 },
          kpis = { latency_ms = { objective = "< 250" } },
          cost = { per_hour = \(perHour), shortfall = 40 },
          templates = { ["/etc/app.conf"] = "mode=\(name)\\nid={{resource.id}}\\n" },
        }
        """
    }
}
