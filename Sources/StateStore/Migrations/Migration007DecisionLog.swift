import GRDB

extension Migrations {
    /// Decisions are linked from here on: each bears its number within its fleet and the digest of all up to it. What was stored
    /// before bears neither.
    static func linkDecisions(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE fleet ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE fleet ADD COLUMN head BLOB NOT NULL DEFAULT x'';
                ALTER TABLE decision ADD COLUMN sequence INTEGER;
                ALTER TABLE decision ADD COLUMN link BLOB;
                CREATE UNIQUE INDEX decision_by_sequence ON decision (fleet, sequence) WHERE sequence IS NOT NULL;

                CREATE TABLE log_checkpoint (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    heads BLOB,
                    heads_digest BLOB NOT NULL,
                    previous BLOB NOT NULL,
                    seal BLOB NOT NULL,
                    base BLOB NOT NULL
                ) STRICT;
                """
        )
    }
}
