import ArgumentParser

/// The command line. One file per command; this one only lists them.
@main
struct Troupe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "troupe",
        abstract: "Scales fleets before the load arrives.",
        discussion: """
            Start with `troupe demo`: a fleet under a generated week, live in the terminal.
            Then check your own workspace and see how it would have scaled over your own demand:

              troupe check
              troupe policy test
              troupe backtest storefront --trace demand.csv --out report
              troupe explain report 2026-03-02T09:00:00

            Exit codes: 0 all is well, 1 something is wrong and was said, 64 the command line is wrong.
            Shell completion: `troupe --generate-completion-script bash|zsh|fish`.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, ServeCommand.self, CheckCommand.self, PolicyCommand.self, BacktestCommand.self,
            ExplainCommand.self,
        ]
    )
}
