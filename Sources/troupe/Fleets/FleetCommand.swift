import ArgumentParser

struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Shows the fleets of a running server, and steps in: pause, resume, scale.",
        subcommands: [
            FleetListCommand.self, FleetStatusCommand.self, FleetPauseCommand.self, FleetResumeCommand.self,
            FleetScaleCommand.self,
        ]
    )
}
