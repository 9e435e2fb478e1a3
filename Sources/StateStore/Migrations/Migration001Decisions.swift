import GRDB

extension Migrations {
    /// Decisions by fleet and time, and what policies remember.
    ///
    /// A fleet's name is stored once. `trace` is null where only the digest was kept; it comes last in the row, so that lists,
    /// which do not read it, do not walk its overflow pages.
    static func createDecisions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE fleet (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE
                ) STRICT;

                CREATE TABLE decision (
                    id INTEGER PRIMARY KEY,
                    fleet INTEGER NOT NULL REFERENCES fleet (id),
                    at INTEGER NOT NULL,
                    outcome TEXT NOT NULL,
                    current INTEGER NOT NULL,
                    target INTEGER NOT NULL,
                    reason TEXT NOT NULL,
                    input_digest TEXT NOT NULL,
                    trace BLOB
                ) STRICT;
                CREATE UNIQUE INDEX decision_of_fleet ON decision (fleet, at);
                CREATE INDEX traced_decision_of_fleet ON decision (fleet, at) WHERE trace IS NOT NULL;

                CREATE TABLE policy_state (
                    fleet TEXT NOT NULL,
                    policy TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    state BLOB NOT NULL,
                    PRIMARY KEY (fleet, policy)
                ) STRICT;
                """
        )
    }
}
