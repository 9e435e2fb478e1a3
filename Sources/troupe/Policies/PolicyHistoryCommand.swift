import ArgumentParser
import Simulation

struct PolicyHistoryCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists the workspaces that were in force, the latest first.",
        discussion: """
              troupe policy history
            """
    )

    @Option(help: "At most so many.")
    var limit = 20

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit is \(limit): give a number from 1 to 1,000.")
        }
    }

    func run(_ client: APIClient) async throws {
        let reply = try await client.get(["v1", "workspace", "history"], [("limit", String(limit))])
        if output.json { return try Output.json(try reply.json()) }
        let versions = try reply.decode(WorkspaceVersionRow.List.self).versions
        for line in Self.lines(versions, Output.style) { Output.line(line) }
        // An old one may have been put in force again.
        guard !versions.contains(where: \.inForce) else { return }
        let current = try await client.get(["v1", "workspace"]).decode(WorkspaceVersionRow.self)
        Output.line("\nin force: version \(current.version), of \(current.at.local) by \(current.by)")
    }

    private static func lines(_ versions: [WorkspaceVersionRow], _ style: TerminalStyle) -> [String] {
        var table = TextTable(columns: [
            .right("version"), .left(""), .left("loaded"), .left("by"), .right("fleets"), .right("policies"),
            .left("digest"),
            .left("reason"),
        ])
        for version in versions {
            table.append(
                TextTable.Row(
                    [
                        String(version.version), version.inForce ? "in force" : "", version.at.local, version.by,
                        String(version.fleets.count), String(version.policies.count), String(version.digest.prefix(10)),
                        version.reason,
                    ],
                    bold: version.inForce
                )
            )
        }
        return table.lines(style)
    }
}
