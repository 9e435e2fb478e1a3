import ArgumentParser
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import StateStore

struct PluginListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the drivers of the workspace, and whether they may act."
    )

    @Option(help: "Where databases are kept. (default: $TROUPE_DATA, or .troupe)", completion: .directory)
    var data: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await withPlugins(workspace.workspace) { plugins, _ in
                let grants = try GrantBook.read(DataFolder(data))
                let rows = plugins.map { Row($0, grant: grants[$0.name]) }
                try output.report(rows) { style in
                    var table = TextTable(columns: [
                        .left("driver"), .left("version"), .left("may act"), .left("needs"),
                    ])
                    for row in rows {
                        table.append(
                            .init(
                                [row.name, row.version, row.state, row.needs.joined(separator: "; ")],
                                colour: row.missing.isEmpty && row.isGranted ? .normal : .yellow
                            )
                        )
                    }
                    table.append(.init([DriverInterface.simulated.name, "built in", "yes", ""]))
                    return table.lines(style)
                }
            }
        }
    }

    private struct Row: Encodable {
        let name: String
        let version: String
        let needs: [String]
        let missing: [String]
        let isGranted: Bool

        init(_ plugin: Plugin, grant: StoredGrant?) {
            name = plugin.name
            version = plugin.version
            needs = plugin.needs.lines
            missing = GrantedDriver.missing(plugin, granted: grant?.needs)
            isGranted = grant != nil
        }

        var state: String {
            if !isGranted { return "no: not granted" }
            return missing.isEmpty ? "yes" : "no: needs more than it was granted"
        }
    }
}

/// What was granted in a data folder, by plugin; nothing where there is no data folder yet.
enum GrantBook {
    static func read(_ data: DataFolder) throws -> [String: StoredGrant] {
        guard FileManager.default.fileExists(atPath: data.state) else { return [:] }
        let grants = try StateStore(path: data.state).grants()
        return Dictionary(grants.map { ($0.plugin, $0) }) { first, _ in first }
    }
}
