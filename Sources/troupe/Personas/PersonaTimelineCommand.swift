import ArgumentParser
import Simulation

struct PersonaTimelineCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Draws what a resource played and plays: what, when, why, by whom, till when.",
        discussion: """
            A bar for each assignment: full where it held, thin where another one lay above it.

              troupe persona timeline web-7
              troupe persona timeline web-7 --since 1d
            """
    )

    @Argument(help: "Id of the resource.")
    var resource: String

    @Option(help: ArgumentHelp("Only what reaches beyond this time. \(MomentArgument.help)", valueName: "time"))
    var since: MomentArgument?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Resource: Decodable {
        let fleet: String
        let persona: String
        let state: String
        let assignment: Assignment?

        struct Assignment: Decodable { let persona: String }

        /// What it is configured as, and what it should be where that is something else as yet.
        var plays: String {
            guard let wanted = assignment?.persona, wanted != persona else { return "plays \(persona)" }
            return "plays \(persona), about to become \(wanted)"
        }
    }

    func run(_ client: APIClient) async throws {
        let path = ["v1", "resources", resource]
        let reply = try await client.get(path + ["assignments"])
        if output.json { return try Output.json(try reply.json()) }
        let state = try await client.get(path).decode(Resource.self)
        let all = try reply.decode(AssignmentRow.List.self).assignments
        let style = Output.style
        Output.line(style.paint("\(state.fleet)/\(resource)", .normal, bold: true) + ", \(state.state), \(state.plays)")
        guard !all.isEmpty else {
            return Output.line("nothing was ever assigned to it: it plays what it was started with")
        }
        let timeline = PersonaTimeline(all, since: since.map { Moment($0.time) }, now: .now)
        for line in timeline.lines(style, width: Terminal.size.columns) { Output.line(line) }
    }
}
