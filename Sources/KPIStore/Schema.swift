import GRDB

/// The tables of `kpi.db`.
///
/// - `series`: what a key is called by number. Keys are unique because one process writes and holds them all in memory; an index
///   would cost a third of what a thousand readings do.
/// - `log`: batches in the order in which they were committed (`LogBatch`); of two readings of one instant the later row's holds.
/// - `chunk`: compacted readings (`Chunk`); those of one series never overlap in time. The index holds all but the data, so that
///   finding chunks and counting readings never touches them.
/// - `retention`: one row, the horizon before which nothing is seen.
/// - `rollup_track`: a fleet's KPI under one persona (NULL: none), as it was defined when the numbers were made.
/// - `rollup`: sixty steps of a track (`RollupBlock`); block b begins at step 60·b since 1970.
/// - `rollup_horizon`: one row; blocks that end by it are on disk, as far as nothing is marked.
/// - `rollup_mark`: times whose rollups are to be made anew, of a series (late samples) or of a fleet (a changed assignment).
///
/// A migration that has shipped is never edited: a change is a new one, below.
enum Schema {
    /// - `synchronous = NORMAL`, and `Durability` waits for the disk before anything is acknowledged, so that a power cut loses nothing.
    /// - `secure_delete = OFF`: Debian's SQLite overwrites what is deleted with zeros. The log is deleted all the time; its readings
    ///   are no secrets from whoever may read the file.
    static let settings = "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF"

    static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 log and chunks") { db in
            try db.execute(
                sql: """
                    CREATE TABLE series (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        key BLOB NOT NULL
                    ) STRICT;

                    CREATE TABLE log (
                        seq INTEGER PRIMARY KEY,
                        count INTEGER NOT NULL,
                        data BLOB NOT NULL
                    ) STRICT;

                    CREATE TABLE chunk (
                        id INTEGER PRIMARY KEY,
                        series INTEGER NOT NULL REFERENCES series (id),
                        first INTEGER NOT NULL,
                        last INTEGER NOT NULL,
                        count INTEGER NOT NULL,
                        data BLOB NOT NULL
                    ) STRICT;
                    CREATE UNIQUE INDEX chunk_of_series ON chunk (series, first, last, count);

                    CREATE TABLE retention (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        horizon INTEGER NOT NULL
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("002 rollups") { db in
            try db.execute(
                sql: """
                    CREATE TABLE rollup_track (
                        id INTEGER PRIMARY KEY,
                        fleet TEXT NOT NULL,
                        kpi TEXT NOT NULL,
                        persona TEXT,
                        definition TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX rollup_track_of_fleet ON rollup_track (fleet, kpi);

                    CREATE TABLE rollup (
                        track INTEGER NOT NULL REFERENCES rollup_track (id),
                        block INTEGER NOT NULL,
                        data BLOB NOT NULL,
                        PRIMARY KEY (track, block)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE rollup_horizon (
                        id INTEGER PRIMARY KEY CHECK (id = 1),
                        horizon INTEGER NOT NULL
                    ) STRICT;

                    CREATE TABLE rollup_mark (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        series INTEGER,
                        fleet TEXT,
                        first INTEGER NOT NULL,
                        last INTEGER NOT NULL
                    ) STRICT;
                    """
            )
        }
        return migrator
    }

    /// Sets up a connection that can write.
    ///
    /// Two settings are for a file that is still empty; on any other SQLite ignores them:
    /// - 8 KiB pages: a chunk of a thousand readings fits into one with little waste, and a small commit still writes little.
    /// - Incremental vacuum: what the log used between two compactions can be given back to the file system (`checkpoint`).
    static func prepare(_ db: Database, maximumBytes: Int?) throws {
        try db.execute(sql: "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL")
        guard let maximumBytes else { return }
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 8192
        try db.execute(sql: "PRAGMA max_page_count = \(max(1, maximumBytes / pageSize))")
    }
}
