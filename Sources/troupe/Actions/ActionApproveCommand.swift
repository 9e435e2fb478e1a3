import ArgumentParser

struct ActionApproveCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approves an action: it is checked against the limits once more, and carried out.",
        discussion: """
              troupe action approve 17 --reason "the launch"
            """
    )

    @OptionGroup var word: ActionWord
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        try await word.say("approve", "approved, and carried out soon", client, output)
    }
}
