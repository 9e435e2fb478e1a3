import Control
import Foundation
import StateStore

/// Starts a server and kills it, again and again.
struct JournalKills {
    private let fleet: JournalFleet
    private let troupe: String?
    private var random: SplitMix
    /// Seconds that a server takes until it is ready.
    private var usual: Double?
    /// Of the kills, those that hit what they are for.
    private var count = 0
    private var starting = 0
    private var cut = 0
    private var unnoted = 0
    private var verified = 0
    private var unsealed = 0

    init(_ fleet: JournalFleet, troupe: String?, seed: UInt64) {
        self.fleet = fleet
        self.troupe = troupe
        random = SplitMix(seed: seed)
    }

    var lines: [String] {
        [
            "killed    \(count) times, \(starting) of them while it started",
            "cut off   \(cut) actions under way, \(unnoted) processes between their start and its record",
            "log       verified after \(verified) of the kills and sound each time; \(unsealed) of them left decisions not sealed yet",
        ]
    }

    mutating func next(_ round: Int) throws {
        count += 1
        let server = try ServerProcess(troupe, workspace: fleet.restless, data: fleet.data)
        if round % 6 == 0, let usual {
            // While it looks at what was left.
            starting += 1
            return try kill(server, after: usual * random.unit() * 1.2)
        }
        usual = try server.waitUntilReady()
        if round % 6 == 1 { return try kill(server, after: 2 * random.unit()) }
        try waitForAction(of: server)
        if round % 2 == 0 {
            // Soon rather than late.
            let wait = random.unit()
            try kill(server, after: 0.3 * wait * wait)
        } else {
            // As one of its processes begins.
            waitForStarts(1 + Int(random.next() % 3))
            try kill(server, after: 0.004 * random.unit())
        }
        try look()
    }

    /// Waits until an action is about to be tried.
    private func waitForAction(of server: ServerProcess) throws {
        let store = try StateStore(path: fleet.data + "/state.db")
        let known = Set(try store.openActions().map(\.key))
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if try store.openActions().contains(where: { $0.state == .prechecked && !known.contains($0.key) }) {
                return
            }
            usleep(1000)
        }
        throw BenchFailure("in 30 s nothing was tried; the server says: \(server.words)")
    }

    /// Waits until the ledger has grown by some words, or nothing is started.
    private func waitForStarts(_ count: Int) {
        let least = ServerProcess.size(fleet.ledger.path) + count * 30
        let end = ContinuousClock.now + .milliseconds(500)
        while ContinuousClock.now < end, ServerProcess.size(fleet.ledger.path) < least { usleep(200) }
    }

    /// No worker of the server outlives it.
    private func kill(_ server: ServerProcess, after seconds: Double) throws {
        let workers = server.kill(after: seconds)
        guard server.wasKilled else { throw BenchFailure("the server ended by itself: \(server.words)") }
        let end = ContinuousClock.now + .seconds(10)
        while let left = workers.first(where: ProcessTable.isThere) {
            guard ContinuousClock.now < end else { throw BenchFailure("worker \(left) outlives its server") }
            usleep(1000)
        }
    }

    private mutating func look() throws {
        let store = try StateStore(path: fleet.data + "/state.db")
        cut += try store.openActions().count { $0.state == .planned || $0.state == .prechecked }
        unnoted += try fleet.unnoted()
        let report = try DecisionLog(store, key: LogKey(in: fleet.data)).verify()
        guard report.isSound else {
            throw BenchFailure("the log of decisions: \(report.faults.map(\.message).joined(separator: " "))")
        }
        verified += 1
        if report.unsealed > 0 { unsealed += 1 }
    }
}
