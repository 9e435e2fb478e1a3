import ArgumentParser
import Control
import Domain
import Foundation
import Server
import UnixSignals
import Workers

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs Troupe: takes KPIs in, decides for every fleet as they arrive, answers the API.",
        discussion: """
            Everything is embedded; there is no other server to run. Prometheus, or any collector that speaks remote write, sends to \
            /api/v1/write; agents do too. The first start writes an admin token to DATA/admin-token, which this command line uses. \
            The workspace is loaded again when it changes, whole or not at all. Ends on SIGTERM or Ctrl-C, when what was begun is done.

              troupe serve
              troupe serve ~/fleets --data /var/lib/troupe --log-format json
              troupe serve --bind 0.0.0.0 --tls-certificate chain.pem --tls-key key.pem

            In another terminal: `troupe fleet list`, `troupe persona list`, `troupe kpi list`.
            """
    )

    @OptionGroup var folder: WorkspaceArgument

    @Option(
        help: "Where databases and the first token are kept. (default: $TROUPE_DATA, or .troupe)",
        completion: .directory
    )
    var data: String?

    @Option(help: "How long raw readings and decisions are kept: 30d, 12h, …")
    var retention = "90d"

    @Flag(help: "Run scripts also where the kernel refuses the workers' filter of system calls (seccomp).")
    var allowNoSeccomp = false

    @Option(help: "What all fleets together may cost an hour. (default: no ceiling)")
    var maxCostPerHour: Double?

    @Option(help: "How many resources of all fleets may be starting at once. (default: no limit)")
    var maxStarting: Int?

    @OptionGroup var bind: BindOptions
    @OptionGroup var log: LogOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try keep()
        if let cost = maxCostPerHour, !(cost.isFinite && cost >= 0) {
            throw ValidationError("--max-cost-per-hour is \(cost): give 0 or more.")
        }
        if let starting = maxStarting, starting < 1 {
            throw ValidationError(
                "--max-starting is \(starting): give 1 or more; `troupe fleet pause --all` stops all."
            )
        }
    }

    func run() async throws {
        try await output.reporting {
            let configuration = bind.configuration
            try configuration.check()
            let logger = log.logger()
            let root = URL(fileURLWithPath: folder.workspace, isDirectory: true)
            var settings = ControlSettings()
            (settings.costPerHour, settings.starts) = (maxCostPerHour, maxStarting)
            let system = try LiveSystem(
                data: DataFolder(data),
                workspace: root,
                clock: WallClock(),
                settings: settings,
                retention: try keep(),
                allowsNoFilter: allowNoSeccomp,
                logger: logger
            )
            defer { system.workers.shutdown() }
            try await system.start()
            try await system.run(configuration, until: [.sigterm, .sigint])
        }
    }

    private func keep() throws -> StoreUpkeep.Retention {
        let span: TimeSpan
        do {
            span = try Quantity.span(retention, atLeast: .hours(1))
        } catch {
            throw ValidationError("--retention: \(error)")
        }
        var keep = StoreUpkeep.Retention()
        keep.readings = span
        keep.decisions = span
        return keep
    }
}
