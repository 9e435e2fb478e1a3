import ArgumentParser

struct PolicyLiftCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Ends the quarantine of a script: it is run again.",
        discussion: """
            A corrected version ends it by itself. One that costs workers again is quarantined again.

              troupe policy lift latency-guard --reason "the node was out of memory"
            """
    )

    @Argument(help: "Its name or file: `troupe policy health`.")
    var script: String

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let reply = try await client.send(.post, ["v1", "scripts", script, "lift"], json: LiftRequest(reason: reason))
        if output.json { return try Output.json(try reply.json()) }
        for lifted in try reply.decode(LiftedRow.List.self).lifted { Output.line(lifted.line) }
    }
}

struct LiftRequest: Encodable {
    let reason: String?
}
