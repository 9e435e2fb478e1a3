package import Domain
import GRDB
import SQLiteFile

extension StateStore {
    @discardableResult
    package func replaceOverrides(
        ending: [Int64],
        with new: [StoredOverride],
        at time: Timestamp,
        by: String
    ) throws(StateStoreError) -> [StoredOverride] {
        try write { db in
            for id in ending {
                try db.execute(
                    sql: """
                        UPDATE fleet_override SET ends = max(starts, ?2), ended_by = ?3
                        WHERE id = ?1 AND (ends IS NULL OR ends > ?2)
                        """,
                    arguments: [id, time.milliseconds, by]
                )
            }
            return try new.map { override in
                try db.execute(
                    sql: """
                        INSERT INTO fleet_override
                        (fleet, starts, ends, pause, min, max, said_by, reason, contention, ended_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        override.fleet, override.from.milliseconds, override.word.until?.milliseconds,
                        override.word.pause?.rawValue, override.word.min, override.word.max, override.word.by,
                        override.word.reason, override.isContention, override.endedBy,
                    ]
                )
                var stored = override
                stored.id = db.lastInsertedRowID
                return stored
            }
        }
    }

    package func overrides(endingAfter time: Timestamp) throws(StateStoreError) -> [StoredOverride] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, fleet, starts, ends, pause, min, max, said_by, reason, contention, ended_by
                    FROM fleet_override WHERE ends IS NULL OR ends > ? ORDER BY id
                    """,
                arguments: [time.milliseconds]
            )
            .map { row in
                StoredOverride(
                    id: try row.decode(atIndex: 0),
                    fleet: try row.decode(atIndex: 1),
                    from: Timestamp(milliseconds: try row.decode(atIndex: 2)),
                    word: OperatorOverride(
                        pause: try row.decode(String?.self, atIndex: 4).flatMap(OperatorOverride.Pause.init),
                        min: try row.decode(atIndex: 5),
                        max: try row.decode(atIndex: 6),
                        until: try row.decode(Int64?.self, atIndex: 3).map { Timestamp(milliseconds: $0) },
                        by: try row.decode(atIndex: 7),
                        reason: try row.decode(atIndex: 8)
                    ),
                    isContention: try row.decode(atIndex: 9),
                    endedBy: try row.decode(atIndex: 10)
                )
            }
        }
    }
}
