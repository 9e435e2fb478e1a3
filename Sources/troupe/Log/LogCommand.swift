import ArgumentParser

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Proves and exports the log of decisions.",
        subcommands: [LogVerifyCommand.self, LogExportCommand.self]
    )
}
