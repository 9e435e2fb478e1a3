package import Domain
import Foundation
import GRDB
import SQLiteFile

extension StateStore {
    package func record(_ batch: EvaluationBatch) throws(StateStoreError) {
        if batch.decisions.isEmpty, batch.policyStates.isEmpty, batch.memories.isEmpty, batch.actions.isEmpty {
            return
        }
        for state in batch.policyStates { try check(state) }
        try write { db in
            var fleets = FleetNumbers(db)
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO decision (fleet, at, outcome, current, target, reason, input_digest, trace, sequence, link)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            for decision in batch.decisions {
                let fleet = try fleets.number(of: decision.fleet)
                let trace: Data? =
                    switch decision.trace {
                    case .full(let data): data
                    case .digest: nil
                    }
                do {
                    try insert.execute(arguments: [
                        fleet, decision.at.milliseconds, decision.outcome, decision.current, decision.target,
                        decision.reason, decision.inputDigest, trace,
                        decision.sequence > 0 ? decision.sequence : nil, decision.sequence > 0 ? decision.link : nil,
                    ])
                } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                    throw StateStoreError(
                        .conflict,
                        "fleet \(decision.fleet) already has a decision at \(decision.at.milliseconds) ms",
                        at: file.name,
                        advice: "A fleet is decided once per instant; nothing of this batch was kept."
                    )
                }
            }
            for decision in batch.decisions where decision.sequence > 0 {
                try follow(decision, fleets: &fleets, in: db)
            }
            try store(batch.policyStates, in: db)
            try store(batch.memories, in: db)
            try store(batch.actions, in: db)
        }
    }

    /// The head of a fleet's chain moves on by one.
    private func follow(_ decision: StoredDecision, fleets: inout FleetNumbers, in db: Database) throws {
        let update = try db.cachedStatement(
            sql: "UPDATE fleet SET length = ?2, head = ?3 WHERE id = ?1 AND length = ?2 - 1"
        )
        try update.execute(arguments: [try fleets.number(of: decision.fleet), decision.sequence, decision.link])
        guard db.changesCount == 1 else {
            throw StateStoreError(
                .conflict,
                "decision \(decision.sequence) of fleet \(decision.fleet) does not follow the last one",
                at: file.name,
                advice: "Another Troupe may write to this folder: end it. Nothing of this batch was kept."
            )
        }
    }

    package func decision(of fleet: String, at time: Timestamp) throws(StateStoreError) -> StoredDecision? {
        try read { db in
            try StoredDecision.fetch(
                db,
                "WHERE fleet.name = ? AND at <= ? ORDER BY at DESC LIMIT 1",
                [fleet, time.milliseconds]
            )
            .first
        }
    }

    package func tracedDecision(of fleet: String, at time: Timestamp) throws(StateStoreError) -> StoredDecision? {
        try read { db in
            try StoredDecision.fetch(
                db,
                "WHERE fleet.name = ? AND at <= ? AND trace IS NOT NULL ORDER BY at DESC LIMIT 1",
                [fleet, time.milliseconds]
            )
            .first
        }
    }

    package func decisions(
        of fleet: String,
        from: Timestamp,
        to: Timestamp,
        limit: Int,
        latest: Bool
    ) throws(StateStoreError) -> [StoredDecision] {
        try read { db in
            let records = try StoredDecision.fetch(
                db,
                "WHERE fleet.name = ? AND at >= ? AND at < ? ORDER BY at \(latest ? "DESC" : "ASC") LIMIT ?",
                [fleet, from.milliseconds, to.milliseconds, max(0, limit)]
            )
            return latest ? records.reversed() : records
        }
    }

    package func latestDecisions() throws(StateStoreError) -> [StoredDecision] {
        try read { db in
            // One step down the index per fleet, however long the history.
            try StoredDecision.fetch(
                db,
                """
                WHERE decision.at = (SELECT max(at) FROM decision AS last WHERE last.fleet = fleet.id)
                ORDER BY fleet.name
                """,
                []
            )
        }
    }

    @discardableResult
    package func pruneDecisions(before horizon: Timestamp) throws(StateStoreError) -> Int {
        try write { db in
            var removed = 0
            for fleet in try Int64.fetchAll(db, sql: "SELECT id FROM fleet ORDER BY id") {
                try db.execute(
                    sql: """
                        DELETE FROM decision WHERE fleet = ?1 AND at < ?2 AND sequence IS NULL
                        AND at < (SELECT max(at) FROM decision WHERE fleet = ?1)
                        """,
                    arguments: [fleet, horizon.milliseconds]
                )
                removed += db.changesCount
            }
            return removed
        }
    }
}

extension StoredDecision {
    static func fetch(
        _ db: Database,
        _ clause: String,
        _ arguments: StatementArguments
    ) throws -> [StoredDecision] {
        let sql = """
            SELECT fleet.name, decision.at, outcome, current, target, reason, input_digest, trace, sequence, link
            FROM fleet CROSS JOIN decision ON decision.fleet = fleet.id \(clause)
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            .map { row in
                StoredDecision(
                    fleet: try row.decode(atIndex: 0),
                    at: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                    outcome: try row.decode(atIndex: 2),
                    current: try row.decode(atIndex: 3),
                    target: try row.decode(atIndex: 4),
                    reason: try row.decode(atIndex: 5),
                    inputDigest: try row.decode(atIndex: 6),
                    trace: try row.decode(Data?.self, atIndex: 7).map(Trace.full) ?? .digest,
                    sequence: try row.decode(Int64?.self, atIndex: 8) ?? 0,
                    link: try row.decode(Data?.self, atIndex: 9) ?? Data()
                )
            }
    }
}

/// Numbers of fleets within one transaction, given out where a name is new.
private struct FleetNumbers {
    private let db: Database
    private var known: [String: Int64] = [:]

    init(_ db: Database) {
        self.db = db
    }

    mutating func number(of name: String) throws -> Int64 {
        if let number = known[name] { return number }
        let find = try db.cachedStatement(sql: "SELECT id FROM fleet WHERE name = ?")
        if let number = try Int64.fetchOne(find, arguments: [name]) {
            known[name] = number
            return number
        }
        try db.execute(sql: "INSERT INTO fleet (name) VALUES (?)", arguments: [name])
        let number = db.lastInsertedRowID
        known[name] = number
        return number
    }
}
