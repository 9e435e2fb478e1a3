import ArgumentParser

struct PersonaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "persona",
        abstract: "Shows personas, and says which resource plays which.",
        subcommands: [
            PersonaListCommand.self, PersonaShowCommand.self, PersonaAssignCommand.self, PersonaReleaseCommand.self,
            PersonaTimelineCommand.self,
        ]
    )
}
