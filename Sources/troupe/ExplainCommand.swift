import ArgumentParser
import Decision
import Simulation

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "One decision, step by step, in words.",
        usage: """
            troupe explain <dir> <timestamp> [--json]
            troupe explain --fleet <fleet> [<timestamp>] [--json]
            """,
        discussion: """
            DIR is what `troupe backtest --out DIR` wrote. TIMESTAMP is one of the trace's own, or any time: then the last decision \
            before it is explained. The decision is replayed from what was recorded, and the explanation says whether it came \
            out the same.

            With --fleet a running server explains what it decided: at TIMESTAMP (a time, local unless it names a zone, or so long \
            ago, such as 30m), or the last of its decisions.

              troupe explain report 2026-03-02T09:00:00
              troupe explain --fleet storefront
              troupe explain --fleet storefront 30m
            """
    )

    @Argument(
        help: ArgumentHelp("The folder of a backtest, and when; with --fleet only when.", valueName: "dir> <timestamp"),
        completion: .directory
    )
    var place: [String] = []

    @Option(help: "Explain a decision that a server made for this fleet.")
    var fleet: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if fleet == nil, place.count != 2 {
            throw ValidationError(
                "Name a backtest's folder and a time: troupe explain DIR TIMESTAMP; or a fleet: --fleet NAME."
            )
        }
        if fleet != nil, place.count > 1 {
            throw ValidationError("With --fleet there is one more word at most: the time.")
        }
        if fleet != nil, let time = place.first, MomentArgument(argument: time) == nil {
            throw ValidationError("\"\(time)\" is no time. \(MomentArgument.help)")
        }
    }

    func run() async throws {
        try await output.reporting {
            if let fleet {
                let time = place.first.flatMap(MomentArgument.init)
                try await server.withClient { try await LiveExplanation.report(fleet, at: time, from: $0, output) }
            } else {
                try explainBacktest(in: place[0], at: place[1])
            }
        }
    }

    private func explainBacktest(in dir: String, at timestamp: String) throws {
        guard let time = TimeText.parse(timestamp) else {
            throw Failure("\"\(timestamp)\" is no time: write it as in the trace, for example 2026-03-02T09:00:00")
        }
        let log = try DecisionLogReader(path: "\(dir)/decisions.jsonl")
        guard let line = try log.line(at: time) else {
            let range = try log.range().map { ": it begins at \(TimeText.iso($0.lowerBound))" } ?? ": it is empty"
            throw Failure("\(dir)/decisions.jsonl has no decision at or before \(timestamp)\(range)")
        }
        let record = try log.decode(DecisionRecord.self, line)
        if output.json {
            try Output.json(Explained(time: line.time, record: record))
        } else {
            if !line.exact {
                Output.line(
                    "There is no decision at \(timestamp); this is the last one before it, of \(line.time).\n"
                )
            }
            for text in explain(record) { Output.line(text) }
        }
    }

    private struct Explained: Encodable {
        let time: String
        let record: DecisionRecord
        let reproduced: Bool
        let explanation: [String]

        init(time: String, record: DecisionRecord) {
            self.time = time
            self.record = record
            reproduced = record.isReproduced
            explanation = explain(record)
        }
    }
}
