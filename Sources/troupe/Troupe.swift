import ArgumentParser
import Foundation

/// The command line. One file per command; this one only lists them.
@main
struct Troupe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "troupe",
        abstract: "Scales fleets before the load arrives.",
        discussion: """
            Start with `troupe demo`: a live Troupe over simulated fleets.
            Then check your own workspace and see how it would have scaled over your own demand:

              troupe check
              troupe policy test
              troupe backtest storefront --trace demand.csv --out report
              troupe explain report 2026-03-02T09:00:00

            Run it, and look after it from another terminal:

              troupe serve
              troupe fleet status storefront
              troupe explain --fleet storefront
              troupe kpi show request_rate --fleet storefront
              troupe persona assign security-focused web-7 --for 2h --reason "under attack"
              troupe policy load --reason "more headroom"

            It is found by DATA/address (--data, $TROUPE_DATA, or .troupe) or named by --server or $TROUPE_SERVER.

            Exit codes: 0 all is well, 1 something is wrong and was said, 64 the command line is wrong.
            Shell completion: `troupe --generate-completion-script bash|zsh|fish`.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Try and check",
                subcommands: [DemoCommand.self, CheckCommand.self, BacktestCommand.self, SandboxCommand.self]
            ),
            CommandGroup(
                name: "Run and look after",
                subcommands: [
                    ServeCommand.self, FleetCommand.self, ActionCommand.self, PersonaCommand.self, KPICommand.self,
                    ExplainCommand.self, LogCommand.self, PolicyCommand.self, PluginCommand.self, TokenCommand.self,
                ]
            ),
        ]
    )

    static func main() async {
        if let unknown = UnknownCommand(in: Array(CommandLine.arguments.dropFirst()), of: Troupe.self) {
            Output.note("error: \(unknown)")
            Foundation.exit(64)
        }
        await main(nil)
    }
}
