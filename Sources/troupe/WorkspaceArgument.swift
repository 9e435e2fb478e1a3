import ArgumentParser
import Scripting
import Workers

/// The workspace a command works on, and how it is opened.
struct WorkspaceArgument: ParsableArguments {
    @Argument(help: "The folder that holds `policies/`.", completion: .directory)
    var workspace = "."

    func open(workers: WorkerPool, json: Bool) throws -> Workspace {
        try openWorkspace(workspace, workers: workers, json: json)
    }
}

/// `--workspace`, for commands whose arguments are other things.
struct WorkspaceOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The folder that holds `policies/`.", completion: .directory)
    var workspace = "."

    func open(workers: WorkerPool, json: Bool) throws -> Workspace {
        try openWorkspace(workspace, workers: workers, json: json)
    }
}

private func openWorkspace(_ path: String, workers: WorkerPool, json: Bool) throws -> Workspace {
    do {
        return try Workspace.load(folder: path, workers: workers)
    } catch let errors {
        let lines = errors.diagnostics.map(\.description)
        throw fail(lines + ["\(lines.count) \(lines.count == 1 ? "error" : "errors"): nothing was loaded"], json: json)
    }
}
