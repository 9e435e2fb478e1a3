import ArgumentParser

struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Shows the fleets of a running server.",
        subcommands: [FleetListCommand.self, FleetStatusCommand.self]
    )
}
