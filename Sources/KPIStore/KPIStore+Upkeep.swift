import Domain
import Foundation
import GRDB
import SQLiteFile

extension KPIStore {
    /// Gives the file system back what compaction and pruning have freed, and empties the write-ahead log into the database.
    ///
    /// Between compactions free pages are better kept: the log will use them again. SQLite checkpoints by itself every thousand
    /// pages, so the write-ahead log stays bounded without this.
    ///
    /// - Throws: `locked` when a reader holds a snapshot for more than five seconds.
    package func checkpoint() throws(KPIStoreError) {
        do {
            try file.writer.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA incremental_vacuum")
                if file.name != DatabaseFile.inMemoryName { _ = try db.checkpoint(.truncate) }
            }
        } catch {
            throw KPIStoreError(error, at: file.name)
        }
    }

    /// What the store holds, and what it costs.
    ///
    /// Reads every index entry: for people and metrics, not for loops.
    package func statistics() throws(KPIStoreError) -> KPIStatistics {
        try read { db in
            var statistics = KPIStatistics()
            statistics.series = try Int.fetchOne(db, sql: "SELECT count(*) FROM series") ?? 0
            if let row = try Row.fetchOne(db, sql: "SELECT count(*), ifnull(sum(count), 0) FROM chunk") {
                statistics.chunks = try row.decode(atIndex: 0)
                statistics.chunkSamples = try row.decode(atIndex: 1)
            }
            statistics.chunkBytes = try Int.fetchOne(db, sql: "SELECT sum(length(data)) FROM chunk") ?? 0
            if let row = try Row.fetchOne(
                db,
                sql: "SELECT count(*), ifnull(sum(count), 0), ifnull(sum(length(data)), 0) FROM log"
            ) {
                statistics.logBatches = try row.decode(atIndex: 0)
                statistics.logSamples = try row.decode(atIndex: 1)
                statistics.logBytes = try row.decode(atIndex: 2)
            }
            if file.name == DatabaseFile.inMemoryName {
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                statistics.fileBytes = pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
            } else {
                statistics.fileBytes = ["", "-wal"]
                    .reduce(0) { sum, suffix in
                        let attributes = try? FileManager.default.attributesOfItem(atPath: file.name + suffix)
                        return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
                    }
            }
            return statistics
        }
    }
}
