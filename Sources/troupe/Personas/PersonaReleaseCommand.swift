import ArgumentParser

struct PersonaReleaseCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Ends the assignment that a person made; what lies below it holds again.",
        discussion: """
              troupe persona release web-7
            """
    )

    @Argument(help: "Id of the resource.")
    var resource: String

    @Flag(help: "Say what would happen, with diffs of all files, and do nothing.")
    var dryRun = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let query = [("dry_run", dryRun ? "true" : nil)]
        let reply = try await client.send(.delete, ["v1", "resources", resource, "persona"], query)
        if output.json { return try Output.json(try reply.json()) }
        let effect = try reply.decode(AssignmentEffectRow.self)
        for line in AssignmentEffectRow.lines([effect], isDryRun: dryRun, withDiffs: dryRun, Output.style) {
            Output.line(line)
        }
    }
}
