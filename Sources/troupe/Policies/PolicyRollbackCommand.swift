import ArgumentParser

struct PolicyRollbackCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Puts an earlier workspace in force again.",
        discussion: """
              troupe policy rollback
              troupe policy rollback 12 --reason "13 flaps"
            """
    )

    @Argument(help: "A version of `troupe policy history`. (default: the one before the current)")
    var version: Int64?

    @Option(help: "Why, for whoever reads the history.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Request: Encodable {
        let version: Int64?
        let reason: String?
    }

    func validate() throws {
        if let version, version < 1 { throw ValidationError("There is no version \(version): they count from 1.") }
    }

    func run(_ client: APIClient) async throws {
        let before = try await WorkspaceFacts(client)
        let reply = try await client.send(
            .post,
            ["v1", "workspace", "rollback"],
            json: Request(version: version, reason: reason)
        )
        if output.json { return try Output.json(try reply.json()) }
        try await WorkspaceChangeReport.print(reply, since: before, client)
    }
}
