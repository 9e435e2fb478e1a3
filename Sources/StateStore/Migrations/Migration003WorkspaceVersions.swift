import GRDB

extension Migrations {
    /// Workspaces that were loaded, with all their files, and which of them was in force when.
    ///
    /// Both only grow: the last change says what is in force. Versions are numbered from 1 and no number is used twice.
    static func createWorkspaceVersions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE workspace_version (
                    version INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    by TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    source TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    fleets TEXT NOT NULL,
                    policies TEXT NOT NULL,
                    files BLOB NOT NULL
                ) STRICT;

                CREATE TABLE workspace_change (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    version INTEGER NOT NULL REFERENCES workspace_version (version),
                    at INTEGER NOT NULL,
                    by TEXT NOT NULL,
                    reason TEXT NOT NULL
                ) STRICT;
                """
        )
    }
}
