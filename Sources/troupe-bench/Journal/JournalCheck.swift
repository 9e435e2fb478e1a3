import Control
import Crypto
import Domain
import Foundation
import StateStore

/// Compares the journal of a fleet that has come to rest with what its processes wrote.
struct JournalCheck {
    let fleet: JournalFleet
    private let lives: [ResourceLedger.Life]
    private let actions: [StoredAction]
    private let store: StateStore
    /// That were told to leave by any action.
    private let retired: Set<String>

    init(_ fleet: JournalFleet) throws {
        self.fleet = fleet
        lives = try fleet.ledger.lives()
        store = try StateStore(path: fleet.data + "/state.db")
        actions = try store.actions(ActionSelection())
        retired = Set(
            try actions.flatMap { action -> [String] in
                guard case .retire(let ids) = try JSONDecoder().decode(ActionBody.self, from: action.body) else {
                    return []
                }
                return ids
            }
        )
    }

    /// - Returns: what was found, for a person.
    /// - Throws: the first thing that is not as it must be.
    func run() throws -> [String] {
        let ids = Set(lives.map(\.id))
        if let twice = Dictionary(grouping: lives, by: \.id).first(where: { $0.value.count > 1 }) {
            throw BenchFailure("\(twice.key) was started \(twice.value.count) times")
        }
        if let open = actions.first(where: { !$0.state.isOver }) {
            throw BenchFailure("\(open.key) is \(open.state.rawValue)")
        }
        let starts = try checkStarts(ids)
        try checkRetirements()
        for action in actions {
            guard try store.decision(of: fleet.name, at: action.decided)?.at == action.decided else {
                throw BenchFailure("\(action.key) has no decision")
            }
        }
        let most = try fleet.ledger.most()
        guard most <= fleet.most else {
            throw BenchFailure("\(most) served at once, of \(fleet.most) that were ever asked for")
        }
        let counts = Dictionary(grouping: actions, by: \.state).mapValues(\.count)
        return [
            "actions   \(actions.count): \(counts[.verified] ?? 0) verified, \(counts[.compensated] ?? 0) compensated, none open",
            "done      \(ids.count) processes of \(starts) starts, each once and written before",
            "count     at most \(most) at once",
        ]
    }

    /// Each process belongs to an action, no action has more than it asked for, and what is verified was done.
    private func checkStarts(_ ids: Set<String>) throws -> Int {
        var known: Set<String> = []
        var done = 0
        for action in actions where action.kind == .start {
            let body = try JSONDecoder().decode(ActionBody.self, from: action.body)
            guard case .start(_, let count, _) = body else { throw BenchFailure("\(action.key) is no start") }
            let own = (1...count).map { "\(stem(of: action))-\($0)" }.filter(ids.contains)
            known.formUnion(own)
            done += own.isEmpty ? 0 : 1
            guard action.state == .verified else { continue }
            let said = try JSONDecoder().decode(Progress.self, from: action.progress).ids
            // Told to leave in its first moment, a process says nothing.
            let silent = Set(said).subtracting(own)
            guard !said.isEmpty, silent.isSubset(of: retired) else {
                throw BenchFailure("\(action.key) is verified as \(said), and \(own) were started")
            }
        }
        if let stray = ids.subtracting(known).first {
            throw BenchFailure("\(stray) was started, and no action of the journal asked for it")
        }
        return done
    }

    private func checkRetirements() throws {
        let alive = Set(try fleet.ledger.alive().map(\.id))
        for action in actions where action.kind == .retire && action.state == .verified {
            let body = try JSONDecoder().decode(ActionBody.self, from: action.body)
            guard case .retire(let ids) = body else { throw BenchFailure("\(action.key) is no retirement") }
            if let left = ids.first(where: alive.contains) {
                throw BenchFailure("\(left) was retired by \(action.key), and is there")
            }
        }
        let untold = lives.first { $0.serves != nil && $0.leaves == nil && !alive.contains($0.id) }
        if let untold { throw BenchFailure("\(untold.id) is gone, and was never told to leave") }
    }

    /// As the process driver names what it starts.
    private func stem(of action: StoredAction) -> String {
        let digest = SHA256.hash(data: Data("\(action.key)/\(fleet.persona)".utf8))
        return fleet.name + "-" + digest.prefix(5).map { String(format: "%02x", $0) }.joined()
    }

    /// Of what the loop keeps of an action.
    private struct Progress: Decodable {
        var ids: [String]
    }
}
