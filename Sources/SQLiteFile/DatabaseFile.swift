import Foundation
package import GRDB

/// A SQLite database of one of our stores, opened, checked and brought up to date.
///
/// What is set, and why:
/// - `journal_mode = WAL`: readers never wait for the writer, and a commit is one sequential write. A killed process loses nothing
///   that was committed: its frames are in the log file, and the next opening finds them.
/// - `synchronous = FULL`: each commit is on the disk before it returns, so that a power cut loses nothing either. (With `NORMAL`
///   a power cut, though not a kill, may take the last commits.)
/// - `application_id` says whose file it is, so that no other program's database is ever migrated by mistake.
/// - mode 0600 at creation; SQLite gives its side files the mode of the main file.
package struct DatabaseFile: Sendable {
    package let writer: any DatabaseWriter
    /// What errors call it: the path, or `:memory:`.
    package let name: String
    package static let inMemoryName = ":memory:"

    /// Opens `path`, creates it where there is nothing; nil opens a database in memory.
    ///
    /// `settings` of the connection that writes; `prepare` runs on each new connection that can write, before anything is written.
    package static func open(
        _ path: String?,
        applicationID: Int32,
        migrator: DatabaseMigrator,
        settings: String = "PRAGMA synchronous = FULL",
        prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
    ) throws(SQLiteFailure) -> DatabaseFile {
        let name = path ?? inMemoryName
        do {
            var configuration = Configuration()
            // Troupe's own threads queue in GRDB; only a foreign process (a backup, a person with `sqlite3`) is waited for.
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { db in
                guard !db.configuration.readonly else { return }
                let isMarked = try check(db, applicationID: applicationID, name: name)
                // Before the mark: some settings are for a file without a page only.
                try prepare(db)
                if !isMarked { try db.execute(sql: "PRAGMA application_id = \(applicationID)") }
            }
            let writer: any DatabaseWriter
            if let path {
                try create(path)
                writer = try DatabasePool(path: path, configuration: configuration)
            } else {
                writer = try DatabaseQueue(configuration: configuration)
            }
            try writer.writeWithoutTransaction { try $0.execute(sql: settings) }
            guard try !writer.read(migrator.hasBeenSuperseded) else {
                throw SQLiteFailure(
                    .newer,
                    "a newer Troupe wrote this database",
                    at: name,
                    advice: "Use that Troupe or a later one; this one leaves the file as it is."
                )
            }
            try migrator.migrate(writer)
            return DatabaseFile(writer: writer, name: name)
        } catch {
            throw SQLiteFailure(error, at: name)
        }
    }

    /// An empty file with mode 0600, where there is none.
    private static func create(_ path: String) throws(SQLiteFailure) {
        let descriptor = path.withCString { Foundation.open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        let code = errno
        guard code != EEXIST else { return }
        throw SQLiteFailure(
            .cannotOpen,
            "the database cannot be created (\(String(cString: strerror(code))))",
            at: path,
            advice: "Check that the folder exists, and that Troupe's user may write there."
        )
    }

    /// True for a database that bears our mark, false for an empty one; any other is refused.
    private static func check(_ db: Database, applicationID: Int32, name: String) throws -> Bool {
        let found = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if found == applicationID { return true }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard found == 0, tables == 0 else {
            throw SQLiteFailure(
                .foreign,
                "this database is not one of this store (application id \(found), \(tables) tables and indexes)",
                at: name,
                advice: "Name another file; this one is left as it is."
            )
        }
        return false
    }
}
