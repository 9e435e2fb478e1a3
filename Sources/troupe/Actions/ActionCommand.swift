import ArgumentParser

struct ActionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "action",
        abstract: "Shows what is done to fleets, and approves or rejects what awaits a person.",
        subcommands: [ActionListCommand.self, ActionApproveCommand.self, ActionRejectCommand.self]
    )
}
