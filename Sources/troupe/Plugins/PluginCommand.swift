import ArgumentParser
import Domain
import Foundation
import Scripting
import Workers

struct PluginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Writes, checks, tries and grants fleet drivers.",
        discussion: """
            A driver is a script, plugins/NAME/plugin.lua. It reaches nothing but what its `needs` declare, and nothing of that before \
            you have granted it.

              troupe plugin new acme          writes a driver that passes, to be changed step by step
              troupe plugin test acme         tries it against every rule
              troupe plugin grant acme        shows what it needs, and lets it
            """,
        subcommands: [
            PluginNewCommand.self, PluginCheckCommand.self, PluginTestCommand.self, PluginListCommand.self,
            PluginGrantCommand.self,
            PluginHealthCommand.self, PluginLiftCommand.self,
        ]
    )
}

/// Loads the drivers of a workspace, and ends the workers whatever happens.
func withPlugins(_ path: String, _ body: ([Plugin], WorkerPool) async throws -> Void) async throws {
    let workers = try WorkerPool()
    defer { workers.shutdown() }
    let plugins: [Plugin]
    do {
        plugins = try await Workspace.loadPlugins(
            folder: URL(fileURLWithPath: path, isDirectory: true),
            workers: workers
        )
    } catch {
        let lines = error.diagnostics.map(\.description)
        throw Failure(lines + ["\(lines.count) \(lines.count == 1 ? "error" : "errors") in plugins/"])
    }
    try await body(plugins, workers)
}

extension [Plugin] {
    /// - Throws: that there is no such driver, and which was probably meant.
    func named(_ name: String) throws -> Plugin {
        if let plugin = first(where: { $0.name == name }) { return plugin }
        let known = map(\.name)
        let nearest = NearestWord.find(name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
        let there = known.isEmpty ? "there is none in plugins/" : "known: \(known.joined(separator: ", "))"
        throw Failure("there is no driver \"\(name)\" in the workspace; \(there)\(nearest)")
    }
}
