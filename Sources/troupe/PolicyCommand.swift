import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Tests and measures the policies of a workspace, and puts workspaces in force on a running server.",
        subcommands: [
            PolicyTestCommand.self, PolicyBenchCommand.self, PolicyLoadCommand.self, PolicyRollbackCommand.self,
            PolicyHistoryCommand.self, PolicyHealthCommand.self, PolicyLiftCommand.self,
        ]
    )
}
