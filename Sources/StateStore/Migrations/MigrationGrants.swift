import GRDB

extension Migrations {
    /// What the operator has granted to plugins, one row per plugin, replaced by a later grant; the audit keeps who granted what before.
    static func createGrants(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE plugin_grant (
                    plugin TEXT PRIMARY KEY,
                    version TEXT NOT NULL,
                    needs TEXT NOT NULL,
                    granted_at INTEGER NOT NULL,
                    granted_by TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
