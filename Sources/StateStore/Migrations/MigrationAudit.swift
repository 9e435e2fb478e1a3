import GRDB

extension Migrations {
    /// Changes that someone asked for, in the order of asking; never deleted by the API.
    static func createAudit(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE audit (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    token TEXT,
                    action TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    detail TEXT NOT NULL,
                    request TEXT NOT NULL,
                    client TEXT NOT NULL,
                    outcome TEXT NOT NULL
                ) STRICT;
                CREATE INDEX audit_by_time ON audit (at);
                CREATE INDEX audit_by_actor ON audit (actor, id);
                CREATE INDEX audit_by_action ON audit (action, id);
                """
        )
    }
}
