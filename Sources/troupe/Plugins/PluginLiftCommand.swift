import ArgumentParser

struct PluginLiftCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Lets a driver be called again that is in quarantine or left alone.",
        discussion: """
            A driver that breaks the rules again and again is quarantined for the fleet where it did; one that fails is left alone for a \
            while. A corrected version ends both by itself.

              troupe plugin lift acme --fleet storefront --reason "the region is back"
              troupe plugin lift acme
            """
    )

    @Argument(help: "The driver: `troupe plugin health`.")
    var name: String

    @Option(
        help: "Only for this fleet, and at once even if it failed only once. (default: all fleets where it is held)"
    )
    var fleet: String?

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let request = LiftRequest(reason: reason)
        guard let fleet else {
            let path = ["v1", "scripts", "plugins/\(name)/plugin.lua", "lift"]
            let reply = try await client.send(.post, path, json: request)
            if output.json { return try Output.json(try reply.json()) }
            for lifted in try reply.decode(LiftedRow.List.self).lifted { Output.line(lifted.line) }
            return
        }
        let driver = try await client.get(["v1", "fleets", fleet]).decode(FleetRow.self).driver
        guard driver == name else { throw Failure("fleet \(fleet) has the driver \(driver), not \(name)") }
        let reply = try await client.send(.post, ["v1", "fleets", fleet, "driver", "lift"], json: request)
        if output.json { return try Output.json(try reply.json()) }
        Output.line(try reply.decode(LiftedRow.self).line)
    }
}
