import ArgumentParser

struct ActionRejectCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Rejects an action: it is never carried out.",
        discussion: """
              troupe action reject 17 --reason "not before the release"
            """
    )

    @OptionGroup var word: ActionWord
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        try await word.say("reject", "rejected", client, output)
    }
}
