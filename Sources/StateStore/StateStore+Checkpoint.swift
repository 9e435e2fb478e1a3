import GRDB
import SQLiteFile

extension StateStore {
    /// Empties the write-ahead log into the database: a stopped Troupe is one file, small enough to copy.
    ///
    /// SQLite does it by itself every thousand pages; this is for the end.
    ///
    /// - Throws: `locked` when a reader, a backup for instance, holds a snapshot for more than five seconds.
    package func checkpoint() throws(StateStoreError) {
        guard file.name != DatabaseFile.inMemoryName else { return }
        do {
            _ = try file.writer.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch {
            throw StateStoreError(error, at: file.name)
        }
    }
}
