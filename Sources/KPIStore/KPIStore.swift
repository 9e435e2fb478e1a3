import Domain
import Foundation
import GRDB
import SQLiteFile
import Synchronization

/// Time series in a SQLite file: a log that takes batches, and chunks per series that keep them.
///
///     append ──▶ log (one row per batch, durable) ──compact──▶ chunks (per series, compressed)
///           └──▶ head (the log's readings, in memory) ──▶ reads ◀──┘
///
/// Use one instance per data folder; it may be used from any thread, and keeps other processes out. Every call blocks: call it off
/// the cooperative pool. Nothing runs by itself: the owner calls `compact` (when `statistics().logSamples` or the clock says so),
/// `prune` and `checkpoint`.
///
/// A killed process, and a power cut, lose nothing that was acknowledged: `append` returns after its transaction was committed and
/// the disk has it (`Durability`), and opening reads the log's rows back into the head.
package final class KPIStore: KPIReading, KPIWriting {
    /// What the store holds in memory.
    ///
    /// Taken for short only, never while SQLite works.
    struct Memory {
        var catalog = SeriesCatalog()
        var head = Head()
        /// Nothing before it is seen.
        var horizon = Int64.min
        /// Rollups of blocks that end by it are on disk.
        var rollupHorizon = Int64.min
        /// Samples in the head that came after the rollups of their time were stored, by slot: first and last time.
        var late = LateSamples()
    }

    let file: DatabaseFile
    /// nil in memory.
    let durability: Durability?
    let memory = Mutex(Memory())
    /// Batches that wait for the writer: whoever gets it first commits them all.
    let pending = Mutex<[PendingBatch]>([])
    /// Compaction and pruning change chunks, one at a time.
    let maintenance = Mutex(())
    /// How often series were forgotten: see `SeriesCache`.
    let prunings = Atomic(0)
    private let lock: FileLock?

    /// "TrpK", at byte 68 of the file.
    static let applicationID: Int32 = 0x5472_704b

    /// Opens the database at `path`, or creates it with mode 0600.
    ///
    /// Its folder must exist. O(readings in the log).
    ///
    /// - Parameters:
    ///   - path: of the database; its side files lie beside it.
    ///   - maximumBytes: the database never grows beyond this: then writes throw `diskFull`, and pruning makes room again. nil: as
    ///     far as the disk goes. The write-ahead log, some megabytes, comes on top.
    /// - Throws: `locked`, `newer`, `foreign`, `corrupt`, `readOnly`, `cannotOpen`.
    package convenience init(path: String, maximumBytes: Int? = nil) throws(KPIStoreError) {
        try self.init(location: path, maximumBytes: maximumBytes)
    }

    /// A store that is gone with its last reference.
    package static func inMemory() throws(KPIStoreError) -> KPIStore {
        try KPIStore(location: nil, maximumBytes: nil)
    }

    private init(location: String?, maximumBytes: Int?) throws(KPIStoreError) {
        if let location {
            lock = try FileLock(path: location + ".lock", of: location)
        } else {
            lock = nil
        }
        do {
            file = try .open(
                location,
                applicationID: Self.applicationID,
                migrator: Schema.migrations,
                settings: Schema.settings,
                prepare: { try Schema.prepare($0, maximumBytes: maximumBytes) }
            )
        } catch {
            throw KPIStoreError(error, at: error.location)
        }
        durability = if let location { try Durability(of: file, at: location) } else { nil }
        try load()
    }

    func read<T>(_ body: (Database) throws -> T) throws(KPIStoreError) -> T {
        do {
            return try file.writer.read(body)
        } catch {
            throw KPIStoreError(error, at: file.name)
        }
    }

    /// One transaction, durable on return.
    func write<T>(_ body: (Database) throws -> T) throws(KPIStoreError) -> T {
        try writeDurably { db in
            var result: T?
            try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
            }
            guard let result else { throw Malformed("a transaction without a result") }
            return result
        }
    }

    /// Whatever `body` commits on the writer is durable on return.
    func writeDurably<T>(_ body: (Database) throws -> T) throws(KPIStoreError) -> T {
        let result: T
        let commit: Int?
        do {
            (result, commit) = try file.writer.writeWithoutTransaction { db in
                (try body(db), durability?.noteCommit())
            }
        } catch {
            throw KPIStoreError(error, at: file.name)
        }
        if let commit { try durability?.wait(for: commit) }
        return result
    }

    /// Reads the catalog, the horizon, and the log into the head.
    private func load() throws(KPIStoreError) {
        try read { db in
            var loaded = Memory()
            loaded.horizon = try Int64.fetchOne(db, sql: "SELECT horizon FROM retention") ?? .min
            loaded.rollupHorizon = try Int64.fetchOne(db, sql: "SELECT horizon FROM rollup_horizon") ?? .min
            let series = try Row.fetchCursor(db, sql: "SELECT id, key FROM series ORDER BY id")
            while let row = try series.next() {
                let id: Int64 = try row.decode(atIndex: 0)
                // The log writes twice the difference of two ids.
                guard id > 0, id < 1 << 48 else { throw Malformed("series number \(id)") }
                let key = try row.withUnsafeData(atIndex: 1) { data in
                    try (data ?? Data()).withUnsafeBytes { try SeriesKey(encoded: $0) }
                }
                loaded.catalog.insert(key, row: id)
            }
            var columns = LogBatch.Columns()
            let log = try Row.fetchCursor(db, sql: "SELECT data FROM log ORDER BY seq")
            while let row = try log.next() {
                columns.removeAll()
                try row.withUnsafeData(atIndex: 0) { data in
                    try (data ?? Data()).withUnsafeBytes { try LogBatch.decode($0, into: &columns) }
                }
                // A batch mostly names series in the order of their numbers: the next slot is tried before it is searched for.
                var slot = -1
                for index in 0..<columns.count {
                    let row = columns.series[index]
                    if slot < 0 || loaded.catalog.rows[slot] != row {
                        if slot + 1 < loaded.catalog.rows.count, loaded.catalog.rows[slot + 1] == row {
                            slot += 1
                        } else if let found = loaded.catalog.slot(ofRow: row) {
                            slot = found
                        } else {
                            throw Malformed("the log names series \(row), which is not there")
                        }
                    }
                    let time = columns.times[index]
                    loaded.head.append(slot: slot, time: time, value: columns.values[index])
                    // Whether it came before its rollup was stored or after, nobody knows any more.
                    if time < loaded.rollupHorizon, RollupGroup.isReasonable(time) {
                        loaded.late.insert(time, of: slot)
                    }
                }
            }
            memory.withLock { $0 = loaded }
        }
    }
}
