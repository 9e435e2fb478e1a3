import GRDB

extension Migrations {
    /// Actions, written before they are tried; what becomes of one is written over it.
    static func createActions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE action (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    key TEXT NOT NULL UNIQUE,
                    fleet TEXT NOT NULL,
                    decided INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    state TEXT NOT NULL,
                    summary TEXT NOT NULL,
                    body BLOB NOT NULL,
                    progress BLOB NOT NULL,
                    note TEXT NOT NULL,
                    changed INTEGER NOT NULL,
                    expires INTEGER,
                    decided_by TEXT
                ) STRICT;
                CREATE INDEX action_of_fleet ON action (fleet, id);
                CREATE INDEX open_action ON action (id)
                    WHERE state IN ('awaiting', 'planned', 'prechecked', 'applied', 'failed');
                CREATE INDEX action_by_change ON action (changed);
                """
        )
    }

    /// What people said of fleets (null: of all) that holds for a while; never deleted.
    static func createOverrides(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE fleet_override (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    fleet TEXT,
                    starts INTEGER NOT NULL,
                    ends INTEGER,
                    pause TEXT,
                    min INTEGER,
                    max INTEGER,
                    said_by TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    contention INTEGER NOT NULL,
                    ended_by TEXT
                ) STRICT;
                CREATE INDEX override_by_end ON fleet_override (ends);
                """
        )
    }
}
