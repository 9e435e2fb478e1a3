import ArgumentParser

/// A person's word on an action.
struct ActionWord: ParsableArguments {
    @Argument(help: "Its number: `troupe action list --state awaiting`.")
    var id: Int64

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    private struct Body: Encodable {
        let reason: String?
    }

    /// Sends it; `outcome` is what has become of the action then.
    func say(_ word: String, _ outcome: String, _ client: APIClient, _ output: OutputOptions) async throws {
        let reply = try await client.send(.post, ["v1", "actions", String(id), word], json: Body(reason: reason))
        if output.json { return try Output.json(try reply.json()) }
        let action = try reply.decode(ActionRow.self)
        Output.line("\(action.fleet): \(action.summary) is \(outcome)")
    }
}
