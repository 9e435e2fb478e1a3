import ArgumentParser

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Tries scripts that may mean harm.",
        subcommands: [SandboxTestCommand.self]
    )
}
