package import Domain
import GRDB
import SQLiteFile
import Synchronization

extension KPIStore {
    /// Readings from before are not kept; nil as long as retention has never run.
    package var horizon: Timestamp? {
        let horizon = memory.withLock { $0.horizon }
        return horizon == .min ? nil : Timestamp(milliseconds: horizon)
    }

    /// See `KPIWriting`.
    ///
    /// A chunk that reaches over the horizon stays, its older part unseen: so pruning costs deletions only.
    ///
    /// Series that were interned and never written to go too: `append` then says `unknownSeries`.
    @discardableResult
    package func prune(before horizon: Timestamp) throws(KPIStoreError) -> PruneReport {
        try maintenance.withLock { _ throws(KPIStoreError) in
            // All on the writer: no batch is committed between the look at the head and the deletion.
            try writeDurably { db in try prune(before: horizon.milliseconds, in: db) }
        }
    }

    private func prune(before horizon: Int64, in db: Database) throws -> PruneReport {
        var report = PruneReport()
        var gone: [Int] = []
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: """
                    INSERT INTO retention (id, horizon) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET horizon = max(horizon, excluded.horizon)
                    """,
                arguments: [horizon]
            )
            // By the index: a scan of the table would read all data.
            try db.execute(
                sql: """
                    DELETE FROM chunk
                    WHERE id IN (SELECT id FROM chunk INDEXED BY chunk_of_series WHERE last < ?)
                    """,
                arguments: [horizon]
            )
            report.chunks = db.changesCount
            let bare = try Int64.fetchAll(
                db,
                sql: "SELECT id FROM series WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.series = series.id)"
            )
            // What the log names must stay.
            gone = memory.withLock { memory in
                bare.compactMap(memory.catalog.slot(ofRow:)).filter(memory.head.isEmpty)
            }
            let rows = memory.withLock { $0.catalog.rows }
            for slot in gone {
                try db.execute(sql: "DELETE FROM series WHERE id = ?", arguments: [rows[slot]])
            }
            return .commit
        }
        report.series = gone.count
        memory.withLock { memory in
            memory.horizon = max(memory.horizon, horizon)
            memory.catalog.remove(gone)
            if !gone.isEmpty { prunings.add(1, ordering: .releasing) }
        }
        return report
    }
}
