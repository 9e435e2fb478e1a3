import ArgumentParser
import Simulation

struct PersonaListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the personas of the workspace in force, and how many resources play each.",
        discussion: """
              troupe persona list
              troupe persona list --workspace ~/fleets
            """
    )

    @OptionGroup var source: PersonaSource
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let (personas, counts) = try await source.read()
            if output.json { return try Output.apiJSON(PersonaRow.List(personas: personas)) }
            for line in Self.lines(personas, counts, Output.style) { Output.line(line) }
        }
    }

    private static func lines(_ personas: [PersonaRow], _ counts: [String: Int]?, _ style: TerminalStyle) -> [String] {
        var table = TextTable(
            columns: [
                .left("persona"), .left("allocation"), .left("serves"), .right("objectives"), .right("cost/h"),
                .right("shortfall/h"),
            ] + (counts == nil ? [] : [.right("resources")])
        )
        for persona in personas {
            table.append(
                TextTable.Row(
                    [
                        persona.name, persona.allocationText, persona.capacityText,
                        String(persona.kpis.count { $0.comparison != nil }),
                        persona.costPerHour.map(Figures.number) ?? "-",
                        persona.costShortfall.map(Figures.number) ?? "-",
                        String(counts?[persona.name] ?? 0),
                    ]
                )
            )
        }
        return table.lines(style)
    }
}
