import ArgumentParser

struct FleetResumeCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract:
            "Ends what was said of a fleet: its pause, its other bounds, and that it is held for being contended.",
        discussion: """
            A fleet is held once someone else has changed its count three times within an hour: end that first, then resume it.

              troupe fleet resume storefront
              troupe fleet resume --all
            """
    )

    @Argument(help: "Name of the fleet.")
    var fleet: String?

    @Flag(help: "End what was said of all fleets at once; what was said of single ones stays.")
    var all = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try FleetOrAll.check(fleet, all) }

    func run(_ client: APIClient) async throws {
        let reply = try await client.send(.post, FleetOrAll.path(fleet, "resume"))
        if output.json { return try Output.json(try reply.json()) }
        for ended in try reply.decode(OverrideRow.List.self).overrides { Output.line("ended: \(ended.line)") }
    }
}
