import ArgumentParser
import Simulation

struct FleetListCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the fleets: capacity, demand, forecast, last decision.",
        discussion: """
            A yellow fleet has notes: `troupe fleet status FLEET` shows them.

              troupe fleet list
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let reply = try await client.get(["v1", "fleets"])
        if output.json { return try Output.json(try reply.json()) }
        for line in Self.lines(try reply.decode(FleetRow.List.self).fleets, Output.style) { Output.line(line) }
    }

    static func lines(_ fleets: [FleetRow], _ style: TerminalStyle) -> [String] {
        guard !fleets.isEmpty else { return ["no fleets: the workspace in force has none"] }
        var table = TextTable(columns: [
            .left("fleet"), .left("mode"), .right("ready"), .right("starting"), .right("draining"), .right("target"),
            .right("demand"), .right("ahead"), .left("last decision"), .right("notes"),
        ])
        for fleet in fleets {
            let decision = fleet.lastDecision.map { "\($0.outcome), \($0.at.relative())" } ?? "none yet"
            table.append(
                TextTable.Row(
                    [
                        fleet.name, fleet.mode, String(fleet.ready), String(fleet.starting), String(fleet.draining),
                        fleet.target.map(String.init) ?? "-", fleet.demand.map(Figures.short) ?? fleet.demandStatus,
                        fleet.forecast?.ahead.map(Figures.short) ?? "-", decision,
                        fleet.notes.isEmpty ? "" : String(fleet.notes.count),
                    ],
                    colour: fleet.notes.isEmpty ? .normal : .yellow
                )
            )
        }
        return table.lines(style)
    }
}
