package import Control
import Decision
import Domain
import Foundation

/// A whole backtest with its outputs: `timeline.csv`, `decisions.jsonl` and `report.html` in one folder.
///
/// Rows are written as they are decided, so a trace of any length needs no more memory than its numbers.
package struct BacktestRun {
    private var backtest: Backtest
    private let policyName: String
    private let folder: String?

    /// - Parameters:
    ///   - policyName: what the table calls this run.
    ///   - folder: where the outputs go, made if it is not there; nil writes none.
    package init(_ backtest: Backtest, policyName: String, folder: String?) {
        self.backtest = backtest
        self.policyName = policyName
        self.folder = folder
    }

    /// Runs to the end of the trace.
    ///
    /// - Parameter progress: called after each step, with what has been learned up to it.
    /// - Throws: an error that names the file, where an output cannot be written. What was written until then stays.
    package mutating func run(
        progress: (SimulationStep, FleetForecaster) -> Void = { _, _ in }
    ) async throws -> BacktestResult {
        let scenario = backtest.scenario
        let outputs = try folder.map(Outputs.init(folder:))
        var timelineFile = try outputs.map { try TimelineWriter(path: $0.timeline) }
        let decisions = try outputs.map { try DecisionLogWriter(path: $0.decisions) }
        var series = ReportSeries(first: scenario.firstScored, count: scenario.trace.count)
        var outcomes: [String: Int] = [:]
        var troubles = 0

        while let step = await backtest.step() {
            let label = scenario.trace.label(at: step.index)
            let decision = step.record.decision
            try timelineFile?.append(label: label, ready: step.ready, billed: step.billed)
            try decisions?.append(step.record, at: step.now, label: label)
            series.append(
                ready: step.ready,
                billed: step.billed,
                outlook: step.record.input.outlook,
                leadSteps: scenario.leadSteps,
                decision: decision
            )
            outcomes[decision.outcome.rawValue, default: 0] += 1
            if step.record.input.policies.contains(where: \.isTrouble) { troubles += 1 }
            progress(step, backtest.forecaster)
        }
        try timelineFile?.close()
        try decisions?.close()

        let comparison = scenario.comparison(of: backtest.timeline, named: policyName)
        if let outputs {
            let report = BacktestReport(
                title: "\(backtest.fleet.name): \(policyName)",
                subtitle: "What Troupe would have decided, knowing the demand up to each moment and nothing later.",
                facts: backtest.facts,
                comparison: comparison,
                scenario: scenario,
                series: series
            )
            try report.write(to: outputs.report)
        }
        return BacktestResult(
            fleet: backtest.fleet.name,
            policy: policyName,
            trace: scenario.trace.name,
            facts: backtest.facts,
            decisions: outcomes.sorted { $0.key < $1.key }.map { .init(outcome: $0.key, count: $0.value) },
            troubles: troubles,
            comparison: comparison,
            files: outputs.map { [$0.timeline, $0.decisions, $0.report] } ?? []
        )
    }

    /// Where the outputs go.
    private struct Outputs {
        let timeline: String
        let decisions: String
        let report: String

        init(folder: String) throws {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw OutputError(
                    path: folder,
                    message: "the folder cannot be made: \((error as NSError).localizedDescription)",
                    advice: "Check that you may write there, and that no file has that name."
                )
            }
            timeline = "\(folder)/timeline.csv"
            decisions = "\(folder)/decisions.jsonl"
            report = "\(folder)/report.html"
        }
    }
}
