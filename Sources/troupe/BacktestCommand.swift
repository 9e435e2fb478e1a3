import ArgumentParser
import Domain
import Scripting
import Simulation
import Workers

struct Backtest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Scales a fleet over a recorded demand, beside what other rules would have done.",
        discussion: """
            FILE.csv has the columns `timestamp,value` on any regular grid; a blank value is a gap. A resource serves the 99.5 %
            quantile of the demand divided by --resources, is paid for from the moment it is asked for and ready --lead seconds
            later. The first 14 days (or half of the trace) are history to learn from. A decision sees nothing later than its own
            moment.

              troupe backtest storefront --trace requests.csv --out report
              troupe backtest storefront --trace requests.csv --policy forecast-only --policy business-hours --limits fleet
            """
    )

    @Argument(help: "A fleet of the workspace.")
    var fleet: String

    @Option(help: "CSV file with `timestamp,value`.", completion: .file(extensions: ["csv"]))
    var trace: String

    @Option(help: "A policy that proposes; may be given several times. (default: those of the fleet)")
    var policy: [String] = []

    @Option(help: "How many resources serve the 99.5 % quantile of the demand.")
    var resources = 50.0

    @Option(help: "Seconds from asking for a resource to its being ready. (default: 600, or one step where that is longer)")
    var lead: Int?

    @Option(help: "Limits in force: `scenario` (at least 2, at most doubled per step) or `fleet` (its own).")
    var limits = LimitsInForce.scenario

    @Option(help: "Write timeline.csv, decisions.jsonl and report.html into this folder.", completion: .directory)
    var out: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard resources.isFinite, resources >= 1, resources <= 1_000_000 else {
            throw ValidationError("--resources is \(resources): give a number from 1 to 1,000,000.")
        }
        if let lead, !(1...604_800).contains(lead) {
            throw ValidationError("--lead is \(lead): give seconds, from 1 to 604,800 (a week).")
        }
    }

    func run() throws {
        do {
            try execute()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            throw fail(["error: \(error)".replacing("error: error:", with: "error:")], json: output.json)
        }
    }

    private func execute() throws {
        let demand = try DemandTrace(contentsOf: trace)
        let scenario = try BacktestScenario(
            trace: demand, resources: resources, lead: lead.map { .seconds(Int64($0)) })
        let workers = try startWorkers()
        defer { workers.shutdown() }
        let loaded = try workspace.open(workers: workers, json: output.json)
        let scaled = try loaded.fleet(named: fleet)
        let names = policy.isEmpty ? scaled.policies : policy
        let backtest = try Simulation.Backtest(
            scenario: scenario,
            fleet: scaled,
            personas: loaded.personas,
            policies: try loaded.runners(for: names, workers: workers),
            limits: limits
        )
        var run = BacktestRun(backtest, policyName: names.joined(separator: " + "), folder: out)
        let progress = BacktestProgress(steps: demand.count - scenario.firstScored, visible: !output.json)
        let result = try run.run { _, step in progress.show(step) }
        progress.end()
        if output.json {
            try Output.json(result)
        } else {
            for line in ResultText(result, style: .detected()).lines { Output.line(line) }
        }
    }
}

extension LimitsInForce: ExpressibleByArgument {}
