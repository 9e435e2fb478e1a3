import Domain
package import Foundation
import GRDB
import SQLiteFile

extension StateStore {
    package func logHeads() throws(StateStoreError) -> [LogHead] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, length, head FROM fleet WHERE length > 0 ORDER BY name")
                .map { row in
                    LogHead(
                        fleet: try row.decode(atIndex: 0),
                        length: try row.decode(atIndex: 1),
                        head: try row.decode(atIndex: 2)
                    )
                }
        }
    }

    package func linkedDecisions(
        of fleet: String,
        after number: Int64,
        limit: Int
    ) throws(StateStoreError) -> [StoredDecision] {
        try read { db in
            try StoredDecision.fetch(
                db,
                "WHERE fleet.name = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                [fleet, number, max(0, limit)]
            )
        }
    }

    package func checkpoints() throws(StateStoreError) -> [StoredCheckpoint] {
        try read { db in try StoredCheckpoint.fetch(db, "ORDER BY id") }
    }

    package func lastCheckpoint() throws(StateStoreError) -> StoredCheckpoint? {
        try read { db in try StoredCheckpoint.fetch(db, "ORDER BY id DESC LIMIT 1").first }
    }

    package func add(_ checkpoint: StoredCheckpoint) throws(StateStoreError) {
        try write { db in
            let hour: Int64 = 3_600_000
            let last = try Row.fetchAll(db, sql: "SELECT id, at FROM log_checkpoint ORDER BY id DESC LIMIT 2")
            if let newest = last.first {
                let at: Int64 = try newest.decode(atIndex: 1)
                let before: Int64? = try last.dropFirst().first?.decode(atIndex: 1)
                if let before, before / hour == at / hour {
                    let id: Int64 = try newest.decode(atIndex: 0)
                    try db.execute(
                        sql: "UPDATE log_checkpoint SET heads = NULL WHERE id = ? AND base = x''",
                        arguments: [id]
                    )
                }
            }
            try db.execute(
                sql: """
                    INSERT INTO log_checkpoint (at, heads, heads_digest, previous, seal, base) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    checkpoint.at.milliseconds, checkpoint.heads, checkpoint.headsDigest, checkpoint.previous,
                    checkpoint.seal, checkpoint.base,
                ]
            )
        }
    }

    package func pruneLog(to checkpoint: Int64, heads: [LogHead], base: Data) throws(StateStoreError) -> Int {
        try write { db in
            var removed = 0
            for head in heads {
                try db.execute(
                    sql: """
                        DELETE FROM decision WHERE fleet = (SELECT id FROM fleet WHERE name = ?1) AND sequence <= ?2
                        AND sequence < (SELECT length FROM fleet WHERE name = ?1)
                        """,
                    arguments: [head.fleet, head.length]
                )
                removed += db.changesCount
            }
            try db.execute(sql: "DELETE FROM log_checkpoint WHERE id < ?", arguments: [checkpoint])
            try db.execute(sql: "UPDATE log_checkpoint SET base = ? WHERE id = ?", arguments: [base, checkpoint])
            return removed
        }
    }
}

extension StoredCheckpoint {
    fileprivate static func fetch(_ db: Database, _ clause: String) throws -> [StoredCheckpoint] {
        let sql = "SELECT id, at, heads, heads_digest, previous, seal, base FROM log_checkpoint \(clause)"
        return try Row.fetchAll(db, sql: sql)
            .map { row in
                StoredCheckpoint(
                    id: try row.decode(atIndex: 0),
                    at: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                    heads: try row.decode(atIndex: 2),
                    headsDigest: try row.decode(atIndex: 3),
                    previous: try row.decode(atIndex: 4),
                    seal: try row.decode(atIndex: 5),
                    base: try row.decode(atIndex: 6)
                )
            }
    }
}
