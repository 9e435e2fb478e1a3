import ArgumentParser
import Decision
import Simulation

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "One decision, step by step, in words.",
        discussion: """
            DIR is what `troupe backtest --out DIR` wrote. TIMESTAMP is one of the trace's own, or any time: then the last decision \
            before it is explained. The decision is replayed from what was recorded, and the explanation says whether it came \
            out the same.

              troupe explain report 2026-03-02T09:00:00
            """
    )

    @Argument(help: "The folder of a backtest.", completion: .directory)
    var dir: String

    @Argument(help: "When: as in the trace, ISO 8601, or seconds since 1970.")
    var timestamp: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
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
