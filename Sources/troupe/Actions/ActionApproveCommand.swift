import ArgumentParser

struct ActionApproveCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approves an action: it is checked against the limits once more, and carried out.",
        discussion: """
              troupe action approve 17 --reason "the launch"
            """
    )

    @Argument(help: "Its number: `troupe action list --state awaiting`.")
    var id: Int64

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        try await ActionWord.say("approve", id, reason, client, output)
    }
}

struct ActionRejectCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Rejects an action: it is never carried out.",
        discussion: """
              troupe action reject 17 --reason "not before the release"
            """
    )

    @Argument(help: "Its number: `troupe action list --state awaiting`.")
    var id: Int64

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        try await ActionWord.say("reject", id, reason, client, output)
    }
}

/// A person's word on an action, sent.
private struct ActionWord: Encodable {
    let reason: String?

    static func say(_ word: String, _ id: Int64, _ reason: String?, _ client: APIClient, _ output: OutputOptions)
        async throws
    {
        let reply = try await client.send(.post, ["v1", "actions", String(id), word], json: ActionWord(reason: reason))
        if output.json { return try Output.json(try reply.json()) }
        let action = try reply.decode(ActionRow.self)
        let what = word == "approve" ? "approved, and carried out soon" : "rejected"
        Output.line("\(action.fleet): \(action.summary) is \(what)")
    }
}
