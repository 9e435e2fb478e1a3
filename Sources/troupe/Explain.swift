import ArgumentParser
import Decision
import Simulation

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "One decision, step by step, in words.",
        discussion: """
            DIR is what `troupe backtest --out DIR` wrote. TIMESTAMP is one of the trace's own, or any time: then the last decision
            before it is explained. The decision is replayed from what was recorded, and the explanation says whether it came
            out the same.

              troupe explain report 2026-03-02T09:00:00
            """
    )

    @Argument(help: "The folder of a backtest.", completion: .directory)
    var dir: String

    @Argument(help: "When: as in the trace, ISO 8601, or seconds since 1970.")
    var timestamp: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let time = TimeText.parse(timestamp) else {
            throw fail(
                ["error: \"\(timestamp)\" is no time: write it as in the trace, for example 2026-03-02T09:00:00"],
                json: output.json)
        }
        do {
            let log = try DecisionLogReader(path: "\(dir)/decisions.jsonl")
            guard let line = try log.line(at: time) else {
                throw fail(["error: \(dir)/decisions.jsonl has no decision at or before \(timestamp)"], json: output.json)
            }
            let record = try log.decode(DecisionRecord.self, line)
            if output.json {
                try Output.json(Explained(time: line.time, record: record))
            } else {
                if !line.exact { Output.line("No decision at \(timestamp): this is the last one before it, at \(line.time).\n") }
                for text in explain(record) { Output.line(text) }
            }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            throw fail(["error: \(error)"], json: output.json)
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
