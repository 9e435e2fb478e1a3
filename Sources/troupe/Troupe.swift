import ArgumentParser

/// The command line. One file per command; this one only lists them.
@main
struct Troupe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "troupe",
        abstract: "Scales fleets before the load arrives.",
        discussion: """
            Start with `troupe demo`: a fleet under a generated week, live in the terminal.
            Then check your own workspace and see how it would have scaled over your own demand:

              troupe check
              troupe backtest storefront --trace demand.csv --out report
              troupe explain report 2026-03-02T09:00:00

            Shell completion: `troupe --generate-completion-script bash|zsh|fish`.
            """,
        version: "0.1.0",
        subcommands: [Check.self, Backtest.self, Explain.self, Demo.self, PolicyCommand.self]
    )
}
