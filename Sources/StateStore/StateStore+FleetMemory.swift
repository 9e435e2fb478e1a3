import Domain
import Foundation
import GRDB

extension StateStore {
    package func memories() throws(StateStoreError) -> [FleetMemory] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT fleet, kind, at, data FROM fleet_memory ORDER BY fleet, kind")
                .map { row in
                    FleetMemory(
                        fleet: try row.decode(atIndex: 0),
                        kind: try row.decode(atIndex: 1),
                        at: Timestamp(milliseconds: try row.decode(atIndex: 2)),
                        data: try row.decode(atIndex: 3)
                    )
                }
        }
    }

    func store(_ memories: [FleetMemory], in db: Database) throws {
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO fleet_memory (fleet, kind, at, data) VALUES (?, ?, ?, ?)
                ON CONFLICT (fleet, kind) DO UPDATE SET at = excluded.at, data = excluded.data
                """
        )
        for memory in memories {
            try upsert.execute(arguments: [memory.fleet, memory.kind, memory.at.milliseconds, memory.data])
        }
    }
}
