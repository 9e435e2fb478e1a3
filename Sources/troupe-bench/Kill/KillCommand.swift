import ArgumentParser
import Domain
import Foundation

struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract:
            "Kills the real `troupe serve` at random instants under load, and looks for what it had acknowledged.",
        discussion: """
            Each round starts the server on the same data folder, sends samples by remote write and changes assignments meanwhile, and kills \
            it (SIGKILL): while it starts, or while it takes samples and compacts. After each start the assignments are read back, with their \
            ends and releases; at the end every sample: each that was acknowledged is there once and with its value, each batch that was \
            not acknowledged is there whole or not at all. Ends with 1 where anything is missing.

              troupe-bench kill --rounds 100
            """
    )

    @Option(help: "How often the server is killed.")
    var rounds = 100
    @Option(help: "Of the instants.")
    var seed: UInt64 = 47
    @Option(help: "Time series; a batch has two samples of each.")
    var series = 500
    @Option(help: "Connections that write at once.")
    var connections = 2
    @Option(help: "The server; by default the `troupe` beside this command.")
    var troupe: String?
    @Option(help: "Data folder, by default a temporary one that is removed again.")
    var folder: String?

    func validate() throws {
        guard rounds > 0, series > 0, connections > 0 else {
            throw ValidationError("rounds, series and connections are at least 1")
        }
    }

    func run() throws {
        let scratch = try ScratchFolder(folder)
        let workspace = try KillWorkspace(in: scratch)
        var random = SplitMix(seed: seed)
        let ledger = KillLedger(series: series, now: Int64(Date().timeIntervalSince1970 * 1000))
        var starts: [Double] = []
        var kills = (starting: 0, serving: 0)
        var load = 0.0
        for round in 1...rounds {
            let server = try ServerProcess(troupe, workspace: workspace.path, data: scratch.file("data"))
            // Every fifth is killed before it can serve, once it is known how long that takes.
            if round % 5 == 0, let usual = starts.last {
                server.kill(after: usual * random.unit() * 1.2)
                kills.starting += 1
                continue
            }
            starts.append(try server.waitUntilReady())
            try ledger.checkAssignments(server)
            let (_, seconds) = Figure.timed {
                let clients = KillClients(server, ledger, connections: connections)
                server.kill(after: 0.05 + 0.75 * random.unit())
                clients.wait()
            }
            kills.serving += 1
            load += seconds
            if let refusal = ledger.refusal {
                throw KillLedger.Lost(description: "round \(round): refused: \(refusal)")
            }
        }
        let server = try ServerProcess(troupe, workspace: workspace.path, data: scratch.file("data"))
        starts.append(try server.waitUntilReady())
        try ledger.checkAssignments(server)
        try server.stop()
        let left =
            ServerProcess.size(scratch.file("data/kpi.db-wal")) + ServerProcess.size(scratch.file("data/state.db-wal"))
        let found = try ledger.checkSamples(at: scratch.file("data/kpi.db"))
        let sorted = starts.sorted()
        print("killed      \(kills.serving) times under load, \(kills.starting) times while it started")
        print(
            "samples     \(ledger.acknowledged) acknowledged (\(Int(Double(ledger.acknowledged) / max(load, 1e-9))) a second under load),",
            "all there once; \(found - ledger.acknowledged) more in batches whose answer was lost"
        )
        print("assignments \(ledger.changes) acknowledged changes, all there")
        print(
            "start-up    median \(Figure.seconds(sorted[sorted.count / 2])), at most \(Figure.seconds(sorted.last ?? 0)), until /readyz says so"
        )
        print("stopped     \(left) bytes of write-ahead log left")
    }
}
