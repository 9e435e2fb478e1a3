import GRDB

extension Migrations {
    /// Tokens of the API, found by their public id; of the secret there is only a digest.
    static func createTokens(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE token (
                    number INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    digest BLOB NOT NULL,
                    created_at INTEGER NOT NULL,
                    created_by TEXT NOT NULL,
                    expires_at INTEGER,
                    revoked_at INTEGER,
                    revoked_by TEXT,
                    last_used_at INTEGER
                ) STRICT;
                CREATE INDEX token_by_name ON token (name);
                """
        )
    }
}
