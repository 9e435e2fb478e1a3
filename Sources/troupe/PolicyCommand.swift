import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Tests the policies of a workspace.",
        subcommands: [PolicyTestCommand.self]
    )
}
