import Domain
package import Foundation
import ScriptProtocol
package import Workers

extension Workspace {
    /// Loads the workspace in `folder`, whole or not at all.
    ///
    /// Every script is run once, in a worker and under its limits; then everything is decoded, and what one file says of another is
    /// checked. `drivers` is what a fleet may name as its driver beside the plugins of the workspace.
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
        let unsound = modules.check(files.all, findings: findings)
        let definitions = await Definitions.run(files, without: unsound, modules: modules, workers: workers)
        let assembly = WorkspaceAssembly(
            files: files,
            modules: modules,
            drivers: drivers,
            definitions: definitions,
            findings: findings
        )
        let workspace = assembly.assemble()
        let diagnostics = findings.sorted
        guard diagnostics.isEmpty else { throw WorkspaceErrors(diagnostics: diagnostics) }
        return workspace
    }
    /// Loads the drivers of `plugins/` alone: for those who write one and have no fleet yet.
    package static func loadPlugins(
        folder: URL,
        workers: WorkerPool,
        drivers: [DriverInterface] = [.simulated]
    ) async throws(WorkspaceErrors) -> [Plugin] {
        let findings = Findings()
        let files = WorkspaceFiles(pluginsOf: folder, findings: findings)
        let modules = Modules([])
        let unsound = modules.check(files.all, findings: findings)
        let definitions = await Definitions.run(files, without: unsound, modules: modules, workers: workers)
        let assembly = WorkspaceAssembly(
            files: files,
            modules: modules,
            drivers: drivers,
            definitions: definitions,
            findings: findings
        )
        let plugins = assembly.plugins().whole.sorted { $0.name < $1.name }
        let diagnostics = findings.sorted
        guard diagnostics.isEmpty else { throw WorkspaceErrors(diagnostics: diagnostics) }
        return plugins
    }
}
