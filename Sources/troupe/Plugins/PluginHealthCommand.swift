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
        abstract: "How the driver of every fleet fares, as the running server sees it.",
        discussion: """
            Says which drivers fail, hang, are left alone for a while or are in quarantine, why, and what lifts that. Where no server \
            runs over the data folder, or with --probe, the drivers of the workspace are asked from here instead, once each: that \
            changes nothing, and says whether they answer now. Exit code 1: a driver is not well.

              troupe plugin health
              troupe plugin health acme
              troupe plugin health --probe --workspace .
            """
    )

    @Argument(help: "Only fleets of this driver. (default: all)")
    var name: String?

    @Flag(help: "Ask the drivers from here, whether a server runs or not.")
    var probe = false

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let (rows, drivers) = try await rows()
            guard !rows.isEmpty else {
                throw Failure(
                    name.map { "no fleet names driver \"\($0)\"" + Self.hint($0, drivers) }
                        ?? "no fleet of the workspace names a driver of plugins/"
                )
            }
            try output.report(rows) { PluginHealthRow.lines(rows, $0) }
            if rows.contains(where: { !$0.isWell }) { throw ExitCode.failure }
        }
    }

    /// Whoever gives a fleet's name means its driver.
    private static func hint(_ name: String, _ drivers: [String: String]) -> String {
        if let driver = drivers[name] { return "; \(name) is a fleet, and its driver is \(driver)" }
        return NearestWord.find(name, among: Set(drivers.values).sorted()).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// What is to be shown, and the driver of every fleet.
    private typealias Seen = (rows: [PluginHealthRow], drivers: [String: String])

    /// The server's view where there is one, else what the drivers answer here and now.
    private func rows() async throws -> Seen {
        if probe { return try await probed() }
        do {
            return try await seen()
        } catch is NoServer {
            Output.note("no server runs over this data folder: the drivers are asked from here")
        } catch let error as NoAnswer where error.isFound {
            Output.note("\(error)\nthe drivers are asked from here")
        }
        return try await probed()
    }

    private func seen() async throws -> Seen {
        var rows: [PluginHealthRow] = []
        var drivers: [String: String] = [:]
        try await server.withClient { client in
            let fleets = try await client.get(["v1", "fleets"]).decode(FleetRow.List.self).fleets
            drivers = Dictionary(fleets.map { ($0.name, $0.driver) }) { first, _ in first }
            rows = fleets.compactMap { fleet in
                // Nobody counts the calls of what is built in.
                guard fleet.driverHealth.calls != nil, name == nil || name == fleet.driver else { return nil }
                return PluginHealthRow(fleet)
            }
        }
        return (rows, drivers)
    }

    private func probed() async throws -> Seen {
        var rows: [PluginHealthRow] = []
        var drivers: [String: String] = [:]
        try await withWorkspace(workspace.workspace) { workspace, _ in
            let folder = DataFolder(server.data)
            let grants = try GrantBook.read(folder).mapValues(\.needs)
            let live = LivePlugins(
                data: folder,
                now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
            )
            drivers = Dictionary(workspace.fleets.map { ($0.name, $0.driver) }) { first, _ in first }
            for fleet in workspace.fleets {
                guard let plugin = workspace.plugin(fleet.driver), name == nil || name == plugin.name else {
                    continue
                }
                let asked = live.drivers(beside: NoDrivers(), patience: .once) { grants[$0] }
                rows.append(await Self.ask(fleet, plugin, asked, personas: workspace.personas(of: fleet)))
            }
            await live.shutdown()
        }
        return (rows, drivers)
    }

    private static func ask(_ fleet: Fleet, _ plugin: Plugin, _ drivers: PluginDrivers, personas: [Persona]) async
        -> PluginHealthRow
    {
        var row = PluginHealthRow(fleet: fleet.name, driver: plugin.name, from: .probe)
        let began = ContinuousClock.now
        do throws(DriverError) {
            let resources =
                try await drivers.driver(
                    for: fleet,
                    personas: personas,
                    plugin: plugin,
                    ready: nil,
                    current: nil
                )
                .describe()
            row.resources = resources.count
            row.ready = resources.count { $0.resource.state == .ready }
        } catch {
            (row.state, row.error) = ("failing", error.message)
        }
        let (seconds, attoseconds) = began.duration(to: .now).components
        row.tookMilliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return row
    }

    /// Only plugins are asked here.
    private struct NoDrivers: DriverDirectory {
        var interfaces: [DriverInterface] { [] }

        func driver(
            for fleet: Fleet,
            personas: [Persona],
            plugin: Plugin?,
            ready: Int?,
            current: (any FleetDriver)?
        ) throws(DriverError) -> any FleetDriver {
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
