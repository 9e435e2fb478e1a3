import Domain
import GRDB
import SQLiteFile

/// The state of one Troupe in a SQLite file (or, for tests and simulations, in memory).
///
/// Use one instance per process and file; it may be used from any thread. Every call blocks until SQLite has answered, a write
/// until it is on the disk: call it off the cooperative pool.
package final class StateStore: StateStoring {
    let file: DatabaseFile

    /// Opens the database at `path`, or creates it with mode 0600.
    ///
    /// Its folder must exist.
    ///
    /// - Throws: `newer`, `foreign`, `corrupt`, `readOnly`, `cannotOpen`, `locked`.
    package convenience init(path: String) throws(StateStoreError) {
        try self.init(location: path)
    }

    /// A store that is gone with its last reference.
    package static func inMemory() throws(StateStoreError) -> StateStore {
        try StateStore(location: nil)
    }

    private init(location: String?) throws(StateStoreError) {
        do {
            file = try .open(location, applicationID: Self.applicationID, migrator: Migrations.all)
        } catch {
            throw StateStoreError(error, at: error.location)
        }
    }

    /// "TrpS", at byte 68 of the file.
    static let applicationID: Int32 = 0x5472_7053

    func read<T>(_ body: (Database) throws -> T) throws(StateStoreError) -> T {
        do {
            return try file.writer.read(body)
        } catch {
            throw StateStoreError(error, at: file.name)
        }
    }

    /// One transaction, `IMMEDIATE` as GRDB's writes are.
    func write<T>(_ body: (Database) throws -> T) throws(StateStoreError) -> T {
        do {
            return try file.writer.write(body)
        } catch {
            throw StateStoreError(error, at: file.name)
        }
    }
}
