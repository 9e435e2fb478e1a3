package import Domain
import Foundation
import GRDB
import Synchronization

extension KPIStore {
    package func series(matching selector: SeriesSelector) throws(KPIStoreError) -> [SeriesKey] {
        memory.withLock { $0.catalog.keys }.compactMap(\.self).filter(selector.matches).sorted()
    }

    package func samples(of key: SeriesKey, from: Timestamp, to: Timestamp) throws(KPIStoreError) -> Samples {
        guard let slot = memory.withLock({ $0.catalog.slot(of: key) }) else { return Samples() }
        return try samples(ofSlot: slot, from: from.milliseconds, to: to.milliseconds)
    }

    /// The readings of a series with `from ≤ time < to`; none where it was pruned.
    func samples(ofSlot slot: Int, from: Int64, to: Int64) throws(KPIStoreError) -> Samples {
        // The head first: what a compaction moves between the two looks is then seen twice, which is harmless, and not never.
        let (row, start, head) = memory.withLock { memory in
            let start = max(from, memory.horizon)
            return (memory.catalog.rows[slot], start, memory.head.samples(of: slot, from: start, to: to))
        }
        guard start < to else { return Samples() }
        return try chunks(of: row, from: start, to: to).overlaid(by: head)
    }

    /// nil: pruned.
    func key(ofSlot slot: Int) -> SeriesKey? {
        memory.withLock { $0.catalog.keys.indices.contains(slot) ? $0.catalog.keys[slot] : nil }
    }

    package func window(
        of key: SeriesKey,
        on grid: WindowGrid,
        _ aggregation: Aggregation
    ) throws(KPIStoreError) -> [Double] {
        try samples(of: key, from: grid.start, to: grid.end).window(on: grid, aggregation)
    }

    package func latest(of key: SeriesKey, atOrBefore limit: Timestamp) throws(KPIStoreError) -> Sample? {
        let limit = limit.milliseconds
        let found = memory.withLock { memory -> (row: Int64, horizon: Int64, head: (time: Int64, value: Double)?)? in
            guard let slot = memory.catalog.slot(of: key) else { return nil }
            return (
                memory.catalog.rows[slot], memory.horizon,
                memory.head.latest(of: slot, atOrBefore: limit)
            )
        }
        guard let found else { return nil }
        var best = found.head
        let stored = try read { db in
            // Chunks do not overlap: the last one that begins by then holds the last reading.
            try Self.fetchChunks(
                db,
                "series = ? AND first <= ? ORDER BY first DESC LIMIT 1",
                [found.row, limit]
            )
            .last
        }
        if let stored {
            let index = limit == .max ? stored.count : stored.times.lowerBound(of: limit + 1)
            if index > 0, best.map({ stored.times[index - 1] > $0.time }) ?? true {
                best = (stored.times[index - 1], stored.values[index - 1])
            }
        }
        guard let best, best.time >= found.horizon else { return nil }
        return Sample(at: Timestamp(milliseconds: best.time), value: best.value)
    }

    /// What the chunks hold of a series with `from ≤ time < to`.
    private func chunks(of row: Int64, from: Int64, to: Int64) throws(KPIStoreError) -> Samples {
        try read { db in
            // Chunks do not overlap: of those that begin before `from` only the last can reach into the range.
            let chunks = try Self.fetchChunks(
                db,
                """
                series = ?1 AND first < ?3 AND last >= ?2
                AND first >= ifnull((SELECT max(first) FROM chunk WHERE series = ?1 AND first <= ?2), ?2)
                ORDER BY first
                """,
                [row, from, to]
            )
            if chunks.count == 1 { return chunks[0].clipped(from: from, to: to) }
            var all = Samples()
            let count = chunks.reduce(0) { $0 + $1.count }
            all.times.reserveCapacity(count)
            all.values.reserveCapacity(count)
            for chunk in chunks {
                let part = chunk.clipped(from: from, to: to)
                // Each chunk ascends; that they do not overlap is the index's word, and callers count on it.
                if let last = all.times.last, let first = part.times.first, first <= last {
                    throw Malformed("chunks that overlap")
                }
                all.times.append(contentsOf: part.times)
                all.values.append(contentsOf: part.values)
            }
            return all
        }
    }

    static func fetchChunks(
        _ db: Database,
        _ condition: String,
        _ arguments: StatementArguments
    ) throws -> [Samples] {
        let statement = try db.cachedStatement(sql: "SELECT data FROM chunk WHERE \(condition)")
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var chunks: [Samples] = []
        while let row = try rows.next() {
            try row.withUnsafeData(atIndex: 0) { data in
                chunks.append(try (data ?? Data()).withUnsafeBytes { try Chunk.decode($0) })
            }
        }
        return chunks
    }
}
