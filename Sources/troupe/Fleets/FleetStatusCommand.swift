import ArgumentParser
import Simulation

struct FleetStatusCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "One fleet in full: what it has, what it expects, what was decided last, and what is wrong with it.",
        discussion: """
            The notes say why a fleet is held, blind or contended, which scripts or drivers fail, and what to do about it.

              troupe fleet status storefront
            """
    )

    @Argument(help: "Name of the fleet.")
    var fleet: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let reply = try await client.get(["v1", "fleets", fleet])
        if output.json { return try Output.json(try reply.json()) }
        for line in Self.lines(try reply.decode(FleetRow.self), Output.style) { Output.line(line) }
    }

    static func lines(_ fleet: FleetRow, _ style: TerminalStyle) -> [String] {
        var facts = FactList()
        facts.add("mode", fleet.mode)
        facts.add("driver", fleet.driverHealth.lines.joined(separator: "\n"))
        facts.add("resources", "\(fleet.ready) ready, \(fleet.starting) starting, \(fleet.draining) draining")
        facts.add("target", fleet.target.map(String.init) ?? "none yet")
        facts.add("demand", fleet.demand.map { amount($0, fleet.demandUnit) } ?? "not known: \(fleet.demandStatus)")
        facts.add("forecast", forecast(fleet))
        if let decision = fleet.lastDecision {
            facts.add(
                "last decision",
                "\(decision.outcome), \(decision.at.local) (\(decision.at.relative()))\n"
                    + (style.unicode ? decision.reason : decision.reason.replacing("→", with: "->"))
            )
        } else {
            facts.add("last decision", "none yet")
        }
        facts.add("personas", fleet.personas.joined(separator: ", "))
        facts.add("policies", fleet.policies.joined(separator: ", "))
        let sign = style.unicode ? "▲" : "!"
        return [style.paint(fleet.name, .normal, bold: true)] + facts.lines(style)
            + (fleet.notes.isEmpty ? [] : [""]) + fleet.notes.map { style.paint("\(sign) \($0)", .yellow) }
    }

    private static func amount(_ value: Double, _ unit: String) -> String {
        Figures.number(value) + (unit.isEmpty ? "" : " \(unit)")
    }

    private static func forecast(_ fleet: FleetRow) -> String {
        guard let forecast = fleet.forecast, let ahead = forecast.ahead else { return "none yet" }
        let quantile = forecast.quantile.map { "\(Figures.number($0 * 100)) % quantile" } ?? "upper quantile"
        let median = forecast.median.map { ", median \(Figures.number($0))" } ?? ""
        let trust = forecast.trust.map { ", trust \(Figures.fixed($0, 2))" } ?? ""
        return
            "\(amount(ahead, fleet.demandUnit)) in \(forecast.leadTime) (\(quantile)\(median))\nby \(forecast.model)\(trust)"
    }
}
