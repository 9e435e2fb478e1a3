import ArgumentParser
import Simulation

struct PolicyHealthCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "How the scripts of a running server fare: runs, failures, workers killed, how long they take.",
        discussion: """
            Counted since the server was started. A script that costs workers again and again is quarantined: not run until a corrected \
            version is loaded or a person lifts it. Drivers stand here too, once for each of their fleets. Exit code 1: something is held.

              troupe policy health
              troupe policy health --all --json
            """
    )

    @Flag(help: "Personas, fleets, libraries and tests too, also where nothing is wrong with them.")
    var all = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let listing = try await client.pages(["v1", "scripts"], [], page: 5000)
        let scripts = try listing.rows { (page: ScriptRow.Page) in page.scripts }
        let shown = scripts.filter { all || $0.isOfInterest }
        if output.json {
            let elements = try listing.json("scripts")["scripts"]?.array ?? []
            let kept = zip(elements, scripts).filter { all || $0.1.isOfInterest }.map(\.0)
            try Output.json(JSONDocument.object(["scripts": .array(kept)]))
        } else if shown.isEmpty {
            Output.line("no scripts: the workspace in force has no policies")
        } else {
            for line in ScriptRow.lines(shown, Output.style) { Output.line(line) }
        }
        if scripts.contains(where: { $0.state != "ok" }) { throw ExitCode.failure }
    }
}
