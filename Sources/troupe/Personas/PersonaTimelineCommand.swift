import ArgumentParser
import Simulation

struct PersonaTimelineCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Draws what a resource played and plays: what, when, why, by whom, till when.",
        discussion: """
            A resource that is gone has its history still. A bar for each assignment: full where it held, thin where another one lay above it.

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
        let history = try reply.decode(AssignmentRow.History.self)
        let all = history.assignments
        let style = Output.style
        if history.isGone == false {
            let state = try await client.get(path).decode(Resource.self)
            let title = style.paint("\(state.fleet)/\(resource)", .normal, bold: true)
            Output.line("\(title), \(state.state), \(state.plays)")
        } else {
            let state =
                history.isGone == true ? "gone: no driver reports it any more" : "not seen since the server was started"
            Output.line(style.paint(resource, .normal, bold: true) + ", \(state)")
        }
        guard !all.isEmpty else {
            return Output.line("nothing was ever assigned to it: it plays what it was started with")
        }
        let timeline = PersonaTimeline(all, since: since.map { Moment($0.time) }, now: .now)
        for line in timeline.lines(style, width: Terminal.size.columns) { Output.line(line) }
    }
}
