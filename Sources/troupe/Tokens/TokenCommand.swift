import ArgumentParser

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Says who may use a server's API.",
        subcommands: [TokenListCommand.self, TokenCreateCommand.self, TokenRevokeCommand.self]
    )
}
