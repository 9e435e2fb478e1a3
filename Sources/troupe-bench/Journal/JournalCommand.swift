import ArgumentParser
import Control
import Foundation
import StateStore

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract:
            "Kills the real `troupe serve` while it starts and retires processes, and looks whether each was done once.",
        discussion: """
            The fleet is real processes under the process driver, and its policy asks for another count each second. Most kills \
            (SIGKILL) come soon after an action was written as about to be tried, others at any instant or while the server starts. \
            Processes outlive the server, and write down themselves that they were started and told to leave.

            At the end every action is over; every process was started once, by an action that was written before, and no action has \
            more than it asked for; what is verified was done; never more served than the largest count; the server knows every \
            process that is left; and nothing of what was decided is damaged after any kill.

              troupe-bench journal --rounds 300
            """
    )

    @Option(help: "How often the server is killed.")
    var rounds = 300
    @Option(help: "Of the instants.")
    var seed: UInt64 = 53
    @Option(help: "The server; by default the `troupe` beside this command.")
    var troupe: String?
    @Option(help: "Folder that holds process/plugin.lua; by default that of the repository.")
    var plugins: String?
    @Option(help: "Ports for the processes, LOW-HIGH. (default: a range that another run has hardly)")
    var ports: String?
    @Option(help: "Folder, by default a temporary one that is removed again.")
    var folder: String?

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("rounds are at least 1") }
    }

    func run() throws {
        let scratch = try ScratchFolder(folder)
        let low = 24_000 + Int(getpid()) % 50 * 100
        let fleet = try JournalFleet(
            in: scratch,
            plugins: plugins ?? JournalFleet.shippedPlugins(),
            ports: ports ?? "\(low)-\(low + 99)"
        )
        defer { fleet.ledger.endAll() }
        try ServerProcess.run(
            troupe,
            ["plugin", "grant", "process", "--yes", "--data", fleet.data, "--workspace", fleet.restless]
        )
        var kills = JournalKills(fleet, troupe: troupe, seed: seed)
        for round in 1...rounds {
            do {
                try kills.next(round)
            } catch {
                throw BenchFailure("round \(round): \(error)")
            }
        }
        let left = try rest(fleet)
        for line in kills.lines + (try JournalCheck(fleet).run()) + ["end       \(left) processes, all known"] {
            print(line)
        }
        fleet.ledger.endAll()
    }

    /// Lets the fleet come to rest.
    ///
    /// - Returns: how many processes are left.
    private func rest(_ fleet: JournalFleet) throws -> Int {
        let server = try ServerProcess(troupe, workspace: fleet.resting, data: fleet.data)
        _ = try server.waitUntilReady()
        let store = try StateStore(path: fleet.data + "/state.db")
        let end = ContinuousClock.now + .seconds(90)
        var known: Set<String> = []
        while true {
            let resources = try server.get("/v1/resources?fleet=\(fleet.name)")["resources"] as? [[String: Any]] ?? []
            let ready = resources.filter { $0["state"] as? String == "ready" }
            known = Set(resources.compactMap { $0["id"] as? String })
            if ready.count == fleet.rest, known.count == fleet.rest, try store.openActions().isEmpty { break }
            guard ContinuousClock.now < end else {
                server.kill(after: 0)
                throw BenchFailure(
                    "after 90 s there is no rest: \(known.count) resources, \(ready.count) ready, open: "
                        + "\(try store.openActions().map { "\($0.key) \($0.state.rawValue) \($0.note)" })"
                )
            }
            usleep(50_000)
        }
        try server.stop()
        let alive = Set(try fleet.ledger.alive().map(\.id))
        guard alive == known else {
            throw BenchFailure(
                "processes nobody knows: \(alive.subtracting(known).sorted()), known and gone: \(known.subtracting(alive).sorted())"
            )
        }
        return alive.count
    }
}
