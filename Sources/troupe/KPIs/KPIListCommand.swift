import ArgumentParser
import Simulation

struct KPIListCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the time series that are stored.",
        discussion: """
              troupe kpi list
              troupe kpi list --fleet storefront --name request_rate
            """
    )

    @Option(help: "Only of this KPI.")
    var name: String?

    @Option(help: "Only of this fleet: those that have the label fleet=NAME.")
    var fleet: String?

    @Option(help: "Only those that have all of these labels: zone=a,tier=web.")
    var labels: LabelsArgument?

    @Option(help: "At most so many.")
    var limit = 1000

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Page: Decodable { let series: [Series] }
    private struct Series: Decodable {
        let name: String
        let labels: [String: String]
    }

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is \(limit): give a number from 1 on.") }
    }

    func run(_ client: APIClient) async throws {
        let query = [("name", name), ("labels", try LabelsArgument.query(labels, fleet: fleet))]
        let listing = try await client.pages(["v1", "kpis"], query, limit: limit, page: 5000)
        if output.json { return try Output.json(try listing.json("series")) }
        let series = try listing.rows(\Page.series)
        guard !series.isEmpty else { return Output.line("no series: none is stored of what was asked for") }
        let style = Output.style
        var table = TextTable(columns: [.left("kpi"), .left("labels")])
        for one in series { table.append(TextTable.Row([one.name, LabelsArgument.text(one.labels)])) }
        for line in table.lines(style) { Output.line(line) }
        if listing.isCut { Output.note("there are more: these are the first \(series.count) (--limit)") }
    }
}
