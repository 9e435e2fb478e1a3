import ArgumentParser
import Domain
import Simulation

struct PersonaShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one persona in full, with its templates.",
        discussion: """
              troupe persona show low-latency
            """
    )

    @Argument(help: "Name of the persona.")
    var name: String

    @OptionGroup var source: PersonaSource
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let (personas, counts) = try await source.read()
            guard let persona = personas.first(where: { $0.name == name }) else {
                let nearest =
                    NearestWord.find(name, among: personas.map(\.name)).map { " (did you mean \"\($0)\"?)" } ?? ""
                throw Failure(
                    "there is no persona \"\(name)\"; known: \(personas.map(\.name).joined(separator: ", "))\(nearest)"
                )
            }
            if output.json { return try Output.apiJSON(persona) }
            for line in Self.lines(persona, counts?[name] ?? (counts == nil ? nil : 0), Output.style) {
                Output.line(line)
            }
        }
    }

    private static func lines(_ persona: PersonaRow, _ count: Int?, _ style: TerminalStyle) -> [String] {
        var facts = FactList()
        facts.add("extends", persona.extends)
        facts.add("allocation", persona.allocationText)
        facts.add("serves", persona.capacityText)
        facts.add("kpis", persona.kpis.map(\.text).joined(separator: "\n"))
        if let cost = persona.costPerHour, let shortfall = persona.costShortfall {
            facts.add(
                "cost",
                "\(Figures.number(cost)) an hour; an hour short of one costs \(Figures.number(shortfall))"
            )
        }
        facts.add(
            "startup",
            persona.startupS.map {
                TimeSpan(milliseconds: Int64($0 * 1000)).inWords + " as a first guess; learned from then on"
            }
        )
        facts.add("played by", count.map { "\($0) \($0 == 1 ? "resource" : "resources")" })
        var lines = [style.paint(persona.name, .normal, bold: true)] + facts.lines(style)
        for template in persona.templates {
            lines += ["", style.paint("  \(template.path)", .cyan)]
            var contents = template.contents.split(separator: "\n", omittingEmptySubsequences: false)
            if contents.last?.isEmpty == true { contents.removeLast() }
            lines += contents.map { "    " + $0 }
        }
        return lines
    }
}
