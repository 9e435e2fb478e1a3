import ArgumentParser
import Domain
import Simulation

struct KPIShowCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what a KPI was over a window: a row for each series, and a picture.",
        discussion: """
              troupe kpi show request_rate --fleet storefront
              troupe kpi show cpu_utilization --fleet storefront --from 2d --step 15m --agg max
              troupe kpi show request_rate --labels instance=web-1 --values
            """
    )

    @Argument(help: "Name of the KPI.")
    var kpi: String

    @Option(help: "Only of this fleet: those that have the label fleet=NAME.")
    var fleet: String?

    @Option(help: "Only those that have all of these labels: zone=a,tier=web.")
    var labels: LabelsArgument?

    @Option(
        help: ArgumentHelp(
            "Where the window begins. \(MomentArgument.help) (default: an hour before its end)",
            valueName: "time"
        )
    )
    var from: MomentArgument?

    @Option(help: ArgumentHelp("Where the window ends. (default: now)", valueName: "time"))
    var to: MomentArgument?

    @Option(help: "Step of its grid: 1m, 15m, 1h. (default: about 120 steps)")
    var step: SpanArgument?

    @Option(help: "How the readings of a step become one.")
    var agg: KPIAggregationArgument = .mean

    @Option(help: "At most so many series, the first ones.")
    var limit = 100

    @Flag(help: "Print the value of every step too.")
    var values = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(limit) else {
            throw ValidationError("--limit is \(limit): give a number from 1 to 1,000.")
        }
        if let from, let to, from.time >= to.time {
            throw ValidationError("The window ends before it begins: --from is not before --to.")
        }
    }

    func run(_ client: APIClient) async throws {
        let end = to?.time ?? Moment.now.time
        let begin = from?.time ?? end - .hours(1)
        let step = step?.span ?? Self.step(for: end - begin)
        // On whole steps, so that the same question a minute later has the same steps.
        let start = Timestamp(milliseconds: begin.milliseconds - begin.milliseconds % step.milliseconds)
        let query = [
            ("name", kpi), ("labels", try LabelsArgument.query(labels, fleet: fleet)), ("from", start.description),
            ("to", end.description), ("step", step.description), ("agg", agg.rawValue), ("limit", String(limit)),
        ]
        let reply = try await client.get(["v1", "kpis", "window"], query)
        if output.json { return try Output.json(try reply.json()) }
        let window = try reply.decode(KPIWindow.self)
        guard !window.series.isEmpty else {
            return Output.line(
                "no series: nothing is stored of \(kpi) under these labels; `troupe kpi list` lists what is"
            )
        }
        let view = KPIWindowView(window, style: Output.style, width: Terminal.size.columns)
        for line in view.summary() + (values ? [""] + view.values() : [""] + view.chart()) { Output.line(line) }
        if window.series.count == limit {
            Output.note("there may be more: these are the first \(limit) series (--limit)")
        }
    }

    /// A step that people would choose, which makes about 120 of the span.
    private static func step(for span: TimeSpan) -> TimeSpan {
        let steps: [TimeSpan] = [
            .seconds(1), .seconds(5), .seconds(15), .seconds(30), .minutes(1), .minutes(2), .minutes(5), .minutes(10),
            .minutes(15),
            .minutes(30), .hours(1), .hours(3), .hours(6), .hours(12),
        ]
        return steps.first { $0.milliseconds * 120 >= span.milliseconds }
            ?? .days(max(1, span.milliseconds / 120 / 86_400_000))
    }
}

enum KPIAggregationArgument: String, ExpressibleByArgument, CaseIterable {
    case last, mean, sum, min, max, count
}
