import GRDB

extension SQLiteFailure {
    /// Any error of a database, as what it means; `location` is the database's path.
    package init(_ error: any Error, at location: String) {
        switch error {
        case let error as SQLiteFailure: self = error
        case let error as DatabaseError: self.init(sqlite: error, at: location)
        default:
            self.init(
                .corrupt,
                "a stored row cannot be read (\(error))",
                at: location,
                advice: "Restore the file from a backup; `sqlite3 FILE .recover` saves what can be read."
            )
        }
    }

    private init(sqlite error: DatabaseError, at location: String) {
        let said = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH:
            self.init(
                .corrupt,
                "the database is damaged (\(said))",
                at: location,
                advice: "Restore the file from a backup; `sqlite3 FILE .recover` saves what can be read."
            )
        case .SQLITE_FULL:
            self.init(
                .diskFull,
                "the disk is full; nothing of this write was kept",
                at: location,
                advice: "Free space on its file system, or move the data folder; the store goes on by itself."
            )
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly,
                "the database cannot be written (\(said))",
                at: location,
                advice: "Give Troupe's user write access to the file and its folder."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            self.init(
                .locked,
                "another process holds the database (\(said))",
                at: location,
                advice: "End the other process, or wait for it, then try again."
            )
        case .SQLITE_CONSTRAINT:
            self.init(
                .conflict,
                "what is stored already says otherwise (\(said))",
                at: location,
                advice: "Nothing of this write was kept; look at what is stored before trying again."
            )
        case .SQLITE_CANTOPEN:
            self.init(
                .cannotOpen,
                "the database cannot be opened (\(said))",
                at: location,
                advice: "Check that the folder exists, and that Troupe's user may read and write there."
            )
        default:
            self.init(
                .io,
                "the database failed (\(said), SQLite code \(error.extendedResultCode.rawValue))",
                at: location,
                advice: "Check the disk and the system's log; nothing of this write was kept."
            )
        }
    }
}
