import ArgumentParser

struct PolicyLoadCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Puts a workspace in force on a running server, whole or not at all.",
        discussion: """
            Sends the scripts below policies/ and plugins/. What does not hold together is refused, each error as `file:line`, and what \
            was in force stays so. `troupe policy rollback` takes a load back.

              troupe policy load
              troupe policy load ~/fleets --reason "more headroom before the sale"
            """
    )

    @OptionGroup var folder: WorkspaceArgument

    @Option(help: "Why, for whoever reads the history.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let upload = try WorkspaceUpload(folder: folder.workspace, reason: reason)
        let before = try await WorkspaceFacts(client)
        let reply = try await client.send(.put, ["v1", "workspace"], json: upload)
        if output.json { return try Output.json(try reply.json()) }
        let count = upload.files.count
        Output.line("loaded: \(count) \(count == 1 ? "file" : "files")")
        try await WorkspaceChangeReport.print(reply, since: before, client)
    }
}

/// What a load or a rollback came to.
enum WorkspaceChangeReport {
    static func print(_ reply: APIReply, since before: WorkspaceFacts, _ client: APIClient) async throws {
        let version = try reply.decode(WorkspaceVersionRow.self)
        Output.line("version \(version.version) is in force (before: \(before.version.version))")
        for line in before.changes(to: try await WorkspaceFacts(client)) { Output.line("  " + line) }
    }
}
