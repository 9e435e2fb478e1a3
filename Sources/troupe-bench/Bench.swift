import ArgumentParser

/// What the figures in the docs were measured with; not part of what is installed.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "troupe-bench",
        abstract: "Measures Troupe's own parts, in process and on real files.",
        discussion: """
            Build it optimised, else the figures mean nothing:

              swift run -c release troupe-bench ingest --series 4000 --points 500
              swift run -c release troupe-bench rollups --fleets 10000
              swift run -c release troupe-bench agent --minutes 3
            """,
        subcommands: [
            IngestCommand.self, SizeCommand.self, KillCommand.self, RollupsCommand.self, PassCommand.self,
            LatencyCommand.self, AgentCommand.self, JournalCommand.self, DayCommand.self,
            IngestChildCommand.self, ResourceCommand.self,
        ]
    )
}
