import ArgumentParser

struct KPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kpi",
        abstract: "Shows the KPIs that a server has stored; takes readings in and out.",
        subcommands: [KPIListCommand.self, KPIShowCommand.self, KPIImportCommand.self, KPIExportCommand.self]
    )
}
