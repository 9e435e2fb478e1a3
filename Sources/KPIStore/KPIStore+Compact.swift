package import Domain
import Foundation
import GRDB
import SQLiteFile
import Synchronization

extension KPIStore {
    /// See `KPIWriting`. The order of steps makes a kill at any instant harmless:
    ///
    /// 1. On the writer: note the log's last row, freeze the head.
    /// 2. For some hundred series at a time: read and decode the chunks concerned, merge, encode (without holding the writer),
    ///    then replace them in one short transaction, so that appends are hardly delayed.
    /// 3. In one transaction: delete the log's rows up to the noted one; what is younger than the limit is written back in their
    ///    place. Then forget the frozen head.
    ///
    /// Killed before 3, the log is read again and says the same as the chunks already do, or something newer.
    @discardableResult
    package func compact(upTo limit: Timestamp) throws(KPIStoreError) -> CompactionReport {
        try maintenance.withLock { _ throws(KPIStoreError) in
            let frozen = try freeze()
            guard let boundary = frozen.boundary else { return CompactionReport() }
            var report = CompactionReport()
            var rest: [(slot: Int, samples: Samples)] = []
            let slots = frozen.head.indices.filter { !frozen.head[$0].isEmpty }
            for start in stride(from: 0, to: slots.count, by: Self.seriesPerTransaction) {
                var rewrites: [Rewrite] = []
                for slot in slots[start..<min(slots.count, start + Self.seriesPerTransaction)] {
                    let series = frozen.head[slot]
                    let (old, young) = series.split(after: limit.milliseconds)
                    report.samples += old.count
                    report.series += old.isEmpty ? 0 : 1
                    report.remaining += young.count
                    if !young.isEmpty { rest.append((slot, young)) }
                    let seen = old.times.lowerBound(of: frozen.horizon)
                    guard seen < old.count else { continue }
                    rewrites.append(try rewrite(frozen.rows[slot], adding: old.part(seen..<old.count)))
                }
                try apply(rewrites, counting: &report)
            }
            try dropLog(upTo: boundary, keeping: rest, rows: frozen.rows)
            return report
        }
    }

    private static let seriesPerTransaction = 256

    /// What a compaction works on.
    private struct Frozen {
        var boundary: Int64?
        var head: [HeadSeries]
        var rows: [Int64]
        var horizon: Int64
    }

    /// New chunks of one series, and those that they replace.
    private struct Rewrite {
        var series: Int64
        var replaced: [Int64] = []
        var chunks: [(first: Int64, last: Int64, count: Int, data: Data)] = []
    }

    private func freeze() throws(KPIStoreError) -> Frozen {
        do {
            // On the writer, so that no batch is in the log and not yet in the head.
            return try file.writer.writeWithoutTransaction { db in
                let boundary = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM log")
                return memory.withLock { memory in
                    if boundary != nil {
                        memory.head.freeze()
                        memory.late.freeze()
                    }
                    return Frozen(
                        boundary: boundary,
                        head: memory.head.frozen,
                        rows: memory.catalog.rows,
                        horizon: memory.horizon
                    )
                }
            }
        } catch {
            throw KPIStoreError(error, at: file.name)
        }
    }

    private func rewrite(_ series: Int64, adding new: Samples) throws(KPIStoreError) -> Rewrite {
        try read { db in
            let existing = try Self.storedChunks(db, of: series, from: new.times[0])
            var rewrite = Rewrite(series: series)
            for merge in ChunkMerge.plan(times: new.times, existing: existing) {
                var samples = new.part(merge.range)
                if let target = merge.target {
                    rewrite.replaced.append(target.id)
                    for stored in try Self.fetchChunks(db, "id = ?", [target.id]) {
                        samples = stored.overlaid(by: samples)
                    }
                }
                for range in merge.cut(samples.count) {
                    let data = samples.times.withUnsafeBufferPointer { times in
                        samples.values.withUnsafeBufferPointer { values in
                            Chunk.encode(
                                times: UnsafeBufferPointer(rebasing: times[range]),
                                values: UnsafeBufferPointer(rebasing: values[range])
                            )
                        }
                    }
                    rewrite.chunks.append(
                        (samples.times[range.lowerBound], samples.times[range.upperBound - 1], range.count, Data(data))
                    )
                }
            }
            return rewrite
        }
    }

    /// Chunks from the one that begins at or before `time` on.
    private static func storedChunks(_ db: Database, of series: Int64, from time: Int64) throws -> [StoredChunk] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, first, last, count FROM chunk WHERE series = ?1
                AND first >= ifnull((SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2) ORDER BY first
                """
        )
        return try Row.fetchAll(statement, arguments: [series, time])
            .map { row in
                StoredChunk(
                    id: try row.decode(atIndex: 0),
                    first: try row.decode(atIndex: 1),
                    last: try row.decode(atIndex: 2),
                    count: try row.decode(atIndex: 3)
                )
            }
    }

    private func apply(_ rewrites: [Rewrite], counting report: inout CompactionReport) throws(KPIStoreError) {
        guard !rewrites.isEmpty else { return }
        try write { db in
            let delete = try db.cachedStatement(sql: "DELETE FROM chunk WHERE id = ?")
            let insert = try db.cachedStatement(
                sql: "INSERT INTO chunk (series, first, last, count, data) VALUES (?, ?, ?, ?, ?)"
            )
            for rewrite in rewrites {
                for id in rewrite.replaced { try delete.execute(arguments: [id]) }
                for chunk in rewrite.chunks {
                    try insert.execute(arguments: [rewrite.series, chunk.first, chunk.last, chunk.count, chunk.data])
                }
            }
        }
        for rewrite in rewrites {
            report.chunksReplaced += rewrite.replaced.count
            report.chunksWritten += rewrite.chunks.count
        }
    }

    private func dropLog(
        upTo boundary: Int64,
        keeping rest: [(slot: Int, samples: Samples)],
        rows: [Int64]
    ) throws(KPIStoreError) {
        var columns = LogBatch.Columns()
        for (slot, samples) in rest {
            for index in samples.times.indices {
                columns.append(series: rows[slot], time: samples.times[index], value: samples.values[index])
            }
        }
        let starts = Array(stride(from: 0, to: columns.count, by: LogBatch.maximumCount))
        do {
            try file.writer.writeWithoutTransaction { db in
                let late = memory.withLock { $0.late.toWriteDown }
                try db.inTransaction(.immediate) {
                    try db.execute(sql: "DELETE FROM log WHERE seq <= ?", arguments: [boundary])
                    let insert = try db.cachedStatement(sql: "INSERT INTO log (seq, count, data) VALUES (?, ?, ?)")
                    // Rows are filled, so these are not more than were deleted: their numbers stay below those of newer rows.
                    var seq = boundary - Int64(starts.count)
                    for start in starts {
                        seq += 1
                        let range = start..<min(columns.count, start + LogBatch.maximumCount)
                        try insert.execute(arguments: [seq, range.count, Data(LogBatch.encode(columns, range))])
                    }
                    // In the same transaction: a reading is in the log, or is noted.
                    let note = try db.cachedStatement(
                        sql: "INSERT INTO rollup_mark (series, first, last) VALUES (?, ?, ?)"
                    )
                    for (slot, times) in late {
                        try note.execute(arguments: [rows[slot], times.lowerBound, times.upperBound])
                    }
                    return .commit
                }
                memory.withLock { memory in
                    memory.head.thaw(keeping: rest)
                    memory.late.thaw()
                }
            }
        } catch {
            throw KPIStoreError(error, at: file.name)
        }
    }
}
