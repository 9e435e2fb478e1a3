import Domain
import Foundation
import Scripting
import Workers

/// A workspace in a folder of its own, gone when the test is over.
///
/// It begins as a small one in which all is well; a test changes what it is about.
final class WorkspaceFolder {
    let url: URL

    init(_ changes: [String: String?] = [:], from files: [String: String] = WorkspaceFolder.sound) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "troupe-scripting-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
        for (path, text) in changes {
            if let text {
                try write(path, text)
            } else {
                try FileManager.default.removeItem(at: url.appending(path: path))
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ path: String, _ text: String) throws { try write(path, Data(text.utf8)) }

    func write(_ path: String, _ data: Data) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try data.write(to: file)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: path).path,
            withDestinationPath: target
        )
    }

    func load(drivers: [DriverInterface] = [.simulated], workers: WorkerPool? = nil) async throws -> Workspace {
        try await Workspace.load(folder: url, workers: try workers ?? TestWorkers.pool(), drivers: drivers)
    }

    /// What loading says is wrong, one line each; nothing where the workspace loads.
    ///
    /// The folder's own path reads `WORKSPACE`.
    func errors(drivers: [DriverInterface] = [.simulated], workers: WorkerPool? = nil) async throws -> [String] {
        do {
            _ = try await load(drivers: drivers, workers: workers)
            return []
        } catch let errors as WorkspaceErrors {
            return errors.diagnostics.map { $0.description.replacing(url.path, with: "WORKSPACE") }
        }
    }

    static let sound = [
        "policies/personas/web.lua": """
        return persona {
          name = "web",
          allocation = { cpu = 2, memory = "4GiB" },
          capacity = { request_rate = 100 },
          kpis = { latency_ms = { objective = "< 250" } },
          cost = { per_hour = 1, shortfall = 20 },
        }
        """,
        "policies/fleets/shop.lua": """
        return fleet {
          name = "shop",
          driver = "simulated",
          personas = { "web" },
          policies = { "steady" },
          demand = "request_rate",
          limits = { min = 2, max = 10 },
        }
        """,
        "policies/scaling/steady.lua": """
        local policy = { name = "steady" }
        function policy.propose(ctx)
          return at_least(3, "always three")
        end
        return policy
        """,
    ]
}

/// The worker processes that all tests of this target share.
enum TestWorkers {
    private static let shared: Result<WorkerPool, WorkerPoolError> = Result { () throws(WorkerPoolError) in
        try WorkerPool()
    }

    static func pool() throws -> WorkerPool { try shared.get() }
}
