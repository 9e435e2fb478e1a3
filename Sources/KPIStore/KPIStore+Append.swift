import Domain
import Foundation
import GRDB
import SQLiteFile
import Synchronization

/// A batch on its way to the log.
final class PendingBatch: Sendable {
    let slots: [Int]
    let columns: LogBatch.Columns
    private let earliest: Int64
    /// What the log will hold, each with its number of readings.
    let rows: [(count: Int, data: Data)]
    /// Set by whoever commits the batch, read by whoever brought it: the commit to wait for, if there is a disk.
    private let outcome = Mutex<Result<Int?, KPIStoreError>?>(nil)

    init(slots: [Int], columns: LogBatch.Columns) {
        self.slots = slots
        self.columns = columns
        earliest = columns.times.reduce(.max) { min($0, $1) }
        rows = stride(from: 0, to: columns.count, by: LogBatch.maximumCount)
            .map { start in
                let range = start..<min(columns.count, start + LogBatch.maximumCount)
                return (range.count, Data(LogBatch.encode(columns, range)))
            }
    }

    /// Adds the batch to what is in memory.
    func enter(_ memory: inout KPIStore.Memory) {
        for index in slots.indices {
            memory.head.append(slot: slots[index], time: columns.times[index], value: columns.values[index])
        }
        guard earliest < memory.rollupHorizon else { return }
        for index in slots.indices
        where columns.times[index] < memory.rollupHorizon
            && RollupGroup.isReasonable(columns.times[index])
        {
            memory.late.insert(columns.times[index], of: slots[index])
        }
    }

    var result: Result<Int?, KPIStoreError>? { outcome.withLock { $0 } }

    func finish(_ result: Result<Int?, KPIStoreError>) { outcome.withLock { $0 = result } }
}

extension KPIStore {
    /// Group commit: batches are encoded by their callers, in parallel.
    ///
    /// They queue, and the caller whom the writer serves first commits all that have queued by then in one transaction;
    /// the others find theirs done. Then each waits for the disk, where one wait again does for many (`Durability`).
    package func append(_ batch: SampleBatch) throws(KPIStoreError) {
        guard !batch.isEmpty else { return }
        let mine = try prepare(batch)
        pending.withLock { $0.append(mine) }
        let result = file.writer.writeWithoutTransaction { db in
            if let done = mine.result { return done }
            commit(takePending(), in: db)
            return mine.result ?? .failure(unknownSeries())
        }
        if let commit = try result.get() { try durability?.wait(for: commit) }
    }

    private func takePending() -> [PendingBatch] {
        pending.withLock { queue in
            let all = queue
            queue = []
            return all
        }
    }

    private func prepare(_ batch: SampleBatch) throws(KPIStoreError) -> PendingBatch {
        let rows = memory.withLock { $0.catalog.rows }
        var series: [Int64] = []
        series.reserveCapacity(batch.count)
        for slot in batch.slots {
            guard slot < rows.count else { throw unknownSeries() }
            series.append(rows[slot])
        }
        return PendingBatch(
            slots: batch.slots,
            columns: LogBatch.Columns(series: series, times: batch.times, values: batch.values)
        )
    }

    /// Called on the writer, so commits come one after the other, and the head sees them in the order of the log.
    private func commit(_ group: [PendingBatch], in db: Database) {
        let good = group.filter { batch in
            let stands = memory.withLock { memory in
                // A pruning may have come first, since the series was interned.
                !memory.catalog.hasPruned || batch.slots.allSatisfy(memory.catalog.holds)
            }
            if !stands { batch.finish(.failure(unknownSeries())) }
            return stands
        }
        do {
            try db.inTransaction(.immediate) {
                let insert = try db.cachedStatement(sql: "INSERT INTO log (count, data) VALUES (?, ?)")
                for batch in good {
                    for row in batch.rows { try insert.execute(arguments: [row.count, row.data]) }
                }
                return .commit
            }
        } catch {
            for batch in good { batch.finish(.failure(KPIStoreError(error, at: file.name))) }
            return
        }
        let ticket = durability?.noteCommit()
        memory.withLock { memory in
            for batch in good { batch.enter(&memory) }
        }
        for batch in good { batch.finish(.success(ticket)) }
    }

    private func unknownSeries() -> KPIStoreError {
        KPIStoreError(
            .unknownSeries,
            "a reading is of a series that is not there (any more)",
            at: file.name,
            advice: "Intern the series again and repeat the batch; nothing of it was stored."
        )
    }
}
