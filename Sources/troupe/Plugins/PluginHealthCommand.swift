import ArgumentParser
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import StateStore
import Workers

struct PluginHealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Asks the driver of every fleet what is there, and says how that went.",
        discussion: """
            It looks, as a running Troupe does each round, and changes nothing of its own. Exit code 1: a driver did not answer.

              troupe plugin health
              troupe plugin health acme
            """
    )

    @Argument(help: "Only fleets of this driver. (default: all)")
    var name: String?

    @Option(help: "Where databases and secrets are kept. (default: $TROUPE_DATA, or .troupe)", completion: .directory)
    var data: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await withWorkspace(workspace.workspace) { workspace, _ in
                let folder = DataFolder(data)
                let grants = try GrantBook.read(folder).mapValues(\.needs)
                let live = LivePlugins(
                    data: folder,
                    now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
                )
                var rows: [Row] = []
                for fleet in workspace.fleets {
                    guard let plugin = workspace.plugin(fleet.driver), name == nil || name == plugin.name else {
                        continue
                    }
                    let drivers = live.drivers(beside: NoDrivers(), patience: .once) { grants[$0] }
                    rows.append(await Self.ask(fleet, plugin, drivers, personas: workspace.personas(of: fleet)))
                }
                await live.shutdown()
                guard !rows.isEmpty else {
                    throw Failure(
                        name.map { "no fleet names driver \"\($0)\"" + Self.hint($0, workspace) }
                            ?? "no fleet of the workspace names a driver of plugins/"
                    )
                }
                let asked = rows
                try output.report(asked) { style in
                    var table = TextTable(
                        columns: [
                            .left("fleet"), .left("driver"), .right("resources"), .right("ready"), .right("took"),
                            .left("health"),
                        ])
                    for row in asked {
                        table.append(
                            .init(
                                [
                                    row.fleet, row.driver, "\(row.resources)", "\(row.ready)", "\(row.took) ms",
                                    row.error ?? "ok",
                                ],
                                colour: row.error == nil ? .normal : .red
                            )
                        )
                    }
                    return table.lines(style)
                }
                if asked.contains(where: { $0.error != nil }) { throw ExitCode.failure }
            }
        }
    }

    /// Whoever gives a fleet's name means its driver.
    private static func hint(_ name: String, _ workspace: Workspace) -> String {
        if let fleet = workspace.fleet(name) { return "; \(name) is a fleet, and its driver is \(fleet.driver)" }
        let known = Set(workspace.fleets.map(\.driver)).sorted()
        return NearestWord.find(name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    private struct Row: Encodable {
        var fleet: String
        var driver: String
        var resources = 0
        var ready = 0
        var took: Int64 = 0
        var error: String?
    }

    private static func ask(_ fleet: Fleet, _ plugin: Plugin, _ drivers: PluginDrivers, personas: [Persona]) async
        -> Row
    {
        var row = Row(fleet: fleet.name, driver: plugin.name)
        let began = ContinuousClock.now
        do throws(DriverError) {
            let resources = try await drivers.driver(for: fleet, personas: personas, plugin: plugin, ready: nil)
                .describe()
            row.resources = resources.count
            row.ready = resources.count { $0.resource.state == .ready }
        } catch {
            row.error = error.message
        }
        let (seconds, attoseconds) = began.duration(to: .now).components
        row.took = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return row
    }

    /// Only plugins are asked here.
    private struct NoDrivers: DriverDirectory {
        var interfaces: [DriverInterface] { [] }

        func driver(for fleet: Fleet, personas: [Persona], plugin: Plugin?, ready: Int?) throws(DriverError)
            -> any FleetDriver
        {
            throw DriverError(.refused, driver: fleet.driver, "it is built in.")
        }

        func forget(fleets: [String]) {}
    }
}

extension PluginDriverRules {
    /// For a person who waits: one attempt says what is wrong.
    fileprivate static var once: PluginDriverRules {
        var rules = PluginDriverRules()
        rules.attempts = 1
        return rules
    }
}
