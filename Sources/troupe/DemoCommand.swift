import ArgumentParser
import Domain
import Foundation
import Scripting
import Simulation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Scales a fleet over a generated week with a flash crowd, live in the terminal.",
        discussion: """
            Two weeks are history to learn from; the third is played: demand, forecast and capacity as they move, each decision with its \
            reason, and at the end how well it went beside other rules. Nothing is sent anywhere and nothing is written, unless you \
            say --out.

              troupe demo
              troupe demo --speed 24 --seed 7
              troupe demo --fleet storefront --policy forecast-only --out report
            """
    )

    @Option(help: "A fleet of the workspace.")
    var fleet = "storefront"

    @Option(help: "A policy that proposes; may be given several times. (default: those of the fleet)")
    var policy: [String] = []

    @Option(help: "Simulated hours per second; 0 = as fast as it can.")
    var speed = 4.0

    @Option(help: "Another week for every number.")
    var seed: UInt64 = 1

    @Option(help: "Write timeline.csv, decisions.jsonl and report.html into this folder.", completion: .directory)
    var out: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard speed.isFinite, speed >= 0, speed <= 10_000 else {
            throw ValidationError("--speed is \(speed): give simulated hours per second, from 0 to 10,000.")
        }
    }

    func run() async throws {
        try await output.reporting {
            guard let workload = Workload.preset("demo-week", seed: seed) else {
                throw Failure("the demo's workload is missing from this build: install it anew")
            }
            let scenario = try BacktestScenario(trace: workload.trace(named: "a generated week, seed \(seed)"))
            try await withWorkspace(workspace.workspace) { workspace, workers in
                let fleet = try workspace.fleet(named: fleet)
                let names = policy.isEmpty ? fleet.policies : policy
                let backtest = try Backtest(
                    scenario: scenario,
                    fleet: fleet,
                    personas: workspace.personas,
                    policies: try workspace.policies(named: names),
                    workers: workers,
                    limits: .fleet
                )
                var run = BacktestRun(backtest, policyName: names.joined(separator: " + "), folder: out)
                var view = DemoView(
                    scenario,
                    fleet: fleet.name,
                    kpi: fleet.demand.kpi,
                    speed: speed,
                    isSilent: output.json
                )
                view.begin()
                let result = try await run.run { view.show($0, $1) }
                view.end()
                if output.json {
                    try Output.json(result)
                } else {
                    for line in ResultText(result).lines(Output.style) { Output.line(line) }
                    Output.line(
                        "\nNext: `troupe backtest \(fleet.name) --trace YOUR.csv --out report` scales it over your own demand."
                    )
                }
            }
        }
    }
}
