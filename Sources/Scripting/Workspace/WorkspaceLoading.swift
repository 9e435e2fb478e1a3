import Domain
package import Foundation
import ScriptProtocol
package import Workers

extension Workspace {
    /// Loads the workspace in `folder`, whole or not at all.
    ///
    /// Every script is run once, in a worker and under its limits; then everything is decoded, and what one file says of another is
    /// checked. `drivers` is what a fleet may name as its driver.
    ///
    /// Throws all errors of all files at once.
    package static func load(
        folder: URL,
        workers: WorkerPool,
        drivers: [DriverInterface] = [.simulated]
    ) async throws(WorkspaceErrors) -> Workspace {
        let findings = Findings()
        let files = WorkspaceFiles(folder: folder, findings: findings)
        let modules = Modules(files.modules)
        let definitions = await Definitions.run(files, modules: modules, workers: workers)
        let workspace = WorkspaceAssembly(files: files, modules: modules, drivers: drivers, findings: findings)
            .assemble(definitions)
        let diagnostics = findings.sorted
        guard diagnostics.isEmpty else { throw WorkspaceErrors(diagnostics: diagnostics) }
        return workspace
    }
}

/// What the worker answered for each file.
struct Definitions: Sendable {
    typealias Answer = Result<ScriptResult, ScriptFailure>

    /// By file name.
    private(set) var answers: [String: Answer] = [:]

    static func run(_ files: WorkspaceFiles, modules: Modules, workers: WorkerPool) async -> Definitions {
        var requests: [ScriptRequest] = []
        for source in files.personas + files.fleets + files.policies + files.modules {
            requests.append(
                ScriptRequest(mode: .define, script: source, modules: modules.needed(by: source), limits: .definition)
            )
        }
        for source in files.tests {
            requests.append(
                ScriptRequest(mode: .test, script: source, modules: modules.needed(by: source), limits: .definition)
            )
        }
        var definitions = Definitions()
        await withTaskGroup(of: (String, Answer).self) { group in
            for request in requests {
                group.addTask { (request.script.name, await workers.answer(request)) }
            }
            for await (name, answer) in group { definitions.answers[name] = answer }
        }
        return definitions
    }

    subscript(_ file: String) -> Answer? { answers[file] }
}
