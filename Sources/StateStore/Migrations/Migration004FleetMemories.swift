import GRDB

extension Migrations {
    /// What the loop has learned of fleets, one row per fleet and kind, replaced by what is learned later.
    static func createFleetMemories(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE fleet_memory (
                    fleet TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    data BLOB NOT NULL,
                    PRIMARY KEY (fleet, kind)
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
