import ArgumentParser
import Domain
import Foundation
import Scripting
import Workers

/// The workspace a command works on, as its argument.
struct WorkspaceArgument: ParsableArguments {
    @Argument(help: "The folder that holds `policies/`.", completion: .directory)
    var workspace = "."
}

/// `--workspace`, for commands whose arguments are other things.
struct WorkspaceOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The folder that holds `policies/`.", completion: .directory)
    var workspace = "."
}

/// Starts the script workers, loads the workspace in `path` whole, hands both on, and ends the workers whatever happens.
func withWorkspace(_ path: String, _ body: (Workspace, WorkerPool) async throws -> Void) async throws {
    let workers = try WorkerPool(configuration: .commandLine)
    defer { workers.shutdown() }
    let workspace: Workspace
    do {
        workspace = try await Workspace.load(folder: URL(fileURLWithPath: path, isDirectory: true), workers: workers)
    } catch {
        let lines = error.diagnostics.map(\.description)
        throw Failure(lines + ["\(lines.count) \(lines.count == 1 ? "error" : "errors"): nothing was loaded"])
    }
    try await body(workspace, workers)
}

extension WorkerPoolConfiguration {
    /// Says on standard error where workers have no filter of system calls.
    static var commandLine: WorkerPoolConfiguration {
        WorkerPoolConfiguration(log: { event in
            if case .unfiltered = event { Output.note("warning: \(event)") }
        })
    }
}

extension Workspace {
    /// - Throws: that there is no such fleet, and which was probably meant.
    func fleet(named name: String) throws -> Fleet {
        guard let fleet = fleet(name) else { throw Self.unknown("fleet", name, fleets.map(\.name)) }
        return fleet
    }

    /// - Throws: that there is no such policy, and which was probably meant.
    func policies(named names: [String]) throws -> [Policy] {
        try names.map { name in
            guard let policy = policy(name) else { throw Self.unknown("policy", name, policies.map(\.name)) }
            return policy
        }
    }

    private static func unknown(_ what: String, _ name: String, _ known: [String]) -> Failure {
        let nearest = NearestWord.find(name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
        return Failure(
            "there is no \(what) \"\(name)\" in the workspace; known: \(known.joined(separator: ", "))\(nearest)"
        )
    }
}
