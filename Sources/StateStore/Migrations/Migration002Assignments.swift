import GRDB

extension Migrations {
    /// Assignments, never deleted: an end is written into the row.
    static func createAssignments(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE assignment (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    resource TEXT NOT NULL,
                    persona TEXT NOT NULL,
                    assigned_by TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    priority INTEGER NOT NULL,
                    starts INTEGER NOT NULL,
                    ends INTEGER,
                    ended_by TEXT
                ) STRICT;
                CREATE INDEX assignment_of_resource ON assignment (resource, starts);
                CREATE INDEX assignment_by_end ON assignment (ends);
                CREATE INDEX assignment_by_start ON assignment (starts);
                """
        )
    }
}
