import ArgumentParser
import Domain
import Scripting
import Simulation
import Workers

struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Scales a fleet over a recorded demand, beside what other rules would have done.",
        discussion: """
            FILE.csv has the columns `timestamp,value` on any regular grid; a blank value is a gap. A resource serves the 99.5 % \
            quantile of the demand divided by --resources, is paid for from the moment it is asked for and ready --lead seconds \
            later. The first 14 days (or half of the trace) are history to learn from. A decision sees nothing later than its own \
            moment.

              troupe backtest storefront --trace requests.csv --out report
              troupe backtest storefront --trace folder-of-traces --policy forecast-only
              troupe backtest storefront --workload demo-week --out report
              troupe backtest storefront --trace requests.csv --policy forecast-only --policy business-hours --limits fleet
            """
    )

    @Argument(help: "A fleet of the workspace.")
    var fleet: String

    @Option(
        help: """
            CSV file with `timestamp,value`, or a folder: then each `.csv` in it is a run of its own, a row of the table. May be given \
            several times.
            """,
        completion: .file(extensions: ["csv"])
    )
    var trace: [String] = []

    @Option(
        help: """
            Demand that is made up, instead of a trace: \(Workload.presets.joined(separator: ", ")). \
            May be given several times.
            """,
        completion: .list(Workload.presets)
    )
    var workload: [String] = []

    @Option(help: "Other demand for every number, where it is made up.")
    var seed: UInt64 = 1

    @Option(help: "A policy that proposes; may be given several times. (default: those of the fleet)")
    var policy: [String] = []

    @Option(help: "How many resources serve the 99.5 % quantile of the demand.")
    var resources = 50.0

    @Option(
        help: "Seconds from asking for a resource to its being ready. (default: 600, or one step where that is longer)"
    )
    var lead: Int?

    @Option(
        help: """
            Limits and costs in force: `scenario` (at least 2 resources, at most doubled per step; an hour short of a resource costs \
            20 resource-hours) or `fleet` (its own limits, freeze windows and its persona's costs).
            """
    )
    var limits = LimitsInForce.scenario

    @Option(help: "Write timeline.csv, decisions.jsonl and report.html into this folder.", completion: .directory)
    var out: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !trace.isEmpty || !workload.isEmpty else {
            throw ValidationError("Name a trace with --trace FILE.csv, or made-up demand with --workload daily.")
        }
        for name in workload where !Workload.presets.contains(name) {
            let nearest = NearestWord.find(name, among: Workload.presets).map { " Did you mean \"\($0)\"?" } ?? ""
            throw ValidationError(
                "There is no workload \"\(name)\".\(nearest) Known: \(Workload.presets.joined(separator: ", "))."
            )
        }
        guard resources.isFinite, resources >= 1, resources <= 1_000_000 else {
            throw ValidationError("--resources is \(resources): give a number from 1 to 1,000,000.")
        }
        if let lead, !(1...604_800).contains(lead) {
            throw ValidationError("--lead is \(lead): give seconds, from 1 to 604,800 (a week).")
        }
    }

    func run() async throws {
        try await output.reporting {
            let sources = try DemandSources(traces: trace, workloads: workload, seed: seed)
            try await withWorkspace(workspace.workspace) { workspace, workers in
                let fleet = try workspace.fleet(named: fleet)
                let names = policy.isEmpty ? fleet.policies : policy
                let policies = try workspace.policies(named: names)
                var results: [BacktestResult] = []
                // One trace that cannot be used does not keep the others from being run.
                var failures: [String] = []
                for source in sources.all {
                    do {
                        let folder = sources.folder(for: source, in: out)
                        results.append(
                            try await self.run(fleet, policies, source, in: workspace, workers: workers, out: folder)
                        )
                    } catch let error as TraceError {
                        failures.append(error.description)
                    } catch let error as ScenarioError {
                        failures.append("\(source.name): error: \(error)")
                    }
                }
                guard !results.isEmpty else { throw Failure(failures) }
                try report(results, failures, of: sources.all.count)
            }
        }
    }

    private func run(
        _ fleet: Fleet,
        _ policies: [Policy],
        _ source: DemandSources.Source,
        in workspace: Workspace,
        workers: WorkerPool,
        out: String?
    ) async throws -> BacktestResult {
        let scenario = try BacktestScenario(
            trace: try source.trace(),
            resources: resources,
            lead: lead.map { .seconds(Int64($0)) }
        )
        let backtest = try Backtest(
            scenario: scenario,
            fleet: fleet,
            personas: workspace.personas,
            policies: policies,
            workers: workers,
            limits: limits
        )
        var run = BacktestRun(backtest, policyName: policies.map(\.name).joined(separator: " + "), folder: out)
        var progress = BacktestProgress(scenario, visible: !output.json)
        defer { progress.end() }
        return try await run.run { step, _ in progress.show(step) }
    }

    private func report(_ results: [BacktestResult], _ failures: [String], of count: Int) throws {
        if let only = results.first, count == 1 {
            try output.report(only) { ResultText(only).lines($0) }
        } else {
            let summary = TraceSummary(results, errors: failures)
            try output.report(summary) { summary.lines($0) }
        }
        guard failures.isEmpty else {
            for failure in failures { Output.note(failure) }
            throw ExitCode.failure
        }
    }
}

extension LimitsInForce: ExpressibleByArgument {}
