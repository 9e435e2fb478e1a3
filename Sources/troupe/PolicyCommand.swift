import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Tests the policies of a workspace, and puts workspaces in force on a running server.",
        subcommands: [
            PolicyTestCommand.self, PolicyLoadCommand.self, PolicyRollbackCommand.self, PolicyHistoryCommand.self,
        ]
    )
}
