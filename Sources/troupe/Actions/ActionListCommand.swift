import ArgumentParser
import Simulation

struct ActionListCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists actions, the latest first: what awaits a person, what is under way, what became of it.",
        discussion: """
            An action is written before it is tried: planned, prechecked, applied, verified; or failed and compensated. In mode `approve` \
            it awaits a person first, and is withdrawn where nobody says a word in time.

              troupe action list --state awaiting
              troupe action list --fleet storefront --state open
            """
    )

    @Option(help: "Only those of this fleet.")
    var fleet: String?

    @Option(help: "Only those in this state; open: those that are not over.")
    var state: ActionStateArgument?

    @Option(help: "At most so many.")
    var limit = 50

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit is \(limit): give a number from 1 to 100,000.")
        }
    }

    func run(_ client: APIClient) async throws {
        let query = [("fleet", fleet), ("state", state?.rawValue)]
        let listing = try await client.pages(["v1", "actions"], query, limit: limit, page: 1000)
        if output.json { return try Output.json(try listing.json("actions")) }
        let actions = try listing.rows { (page: ActionRow.List) in page.actions }
        guard !actions.isEmpty else {
            return Output.line(state == .awaiting ? "nothing awaits a person" : "no actions")
        }
        for line in ActionRow.lines(actions, Output.style) { Output.line(line) }
        if listing.isCut { Output.note("There are more: --limit says how many are shown.") }
    }
}

enum ActionStateArgument: String, ExpressibleByArgument, CaseIterable {
    case open, awaiting, planned, prechecked, applied, failed, verified, compensated, rejected, withdrawn
}
