import Domain
import Foundation
import GRDB
import SQLiteFile
import Synchronization

extension KPIStore {
    package func intern(_ keys: [SeriesKey]) throws(KPIStoreError) -> [SeriesID] {
        if let known = known(keys) { return known }
        for key in keys { try check(key) }
        try writeDurably { db in
            // Who waited for the writer may find the work done.
            let missing = memory.withLock { memory in keys.filter { memory.catalog.slot(of: $0) == nil } }
            var new: [(key: SeriesKey, row: Int64)] = []
            try db.inTransaction(.immediate) {
                let insert = try db.cachedStatement(sql: "INSERT INTO series (key) VALUES (?)")
                var seen: Set<SeriesKey> = []
                for key in missing where seen.insert(key).inserted {
                    try insert.execute(arguments: [Data(key.encoded)])
                    new.append((key, db.lastInsertedRowID))
                }
                return .commit
            }
            memory.withLock { memory in
                for (key, row) in new { memory.catalog.insert(key, row: row) }
            }
        }
        guard let known = known(keys) else {
            throw KPIStoreError(
                .unknownSeries,
                "a series was pruned while it was being created",
                at: file.name,
                advice: "Create it again."
            )
        }
        return known
    }

    /// The handles, if all are known.
    private func known(_ keys: [SeriesKey]) -> [SeriesID]? {
        memory.withLock { memory in
            var ids: [SeriesID] = []
            ids.reserveCapacity(keys.count)
            for key in keys {
                guard let slot = memory.catalog.slot(of: key) else { return nil }
                ids.append(SeriesID(slot: slot))
            }
            return ids
        }
    }

    private func check(_ key: SeriesKey) throws(KPIStoreError) {
        guard !key.name.isEmpty, key.labels.allSatisfy({ !$0.name.isEmpty }) else {
            throw KPIStoreError(
                .invalid,
                "a series without a name, or with a label without one: \(key)",
                at: file.name,
                advice: "Name the KPI and each of its labels."
            )
        }
        let bytes = key.encoded.count
        guard bytes <= SeriesKey.maximumBytes else {
            throw KPIStoreError(
                .invalid,
                "the name and labels of series \(key.name) have \(bytes) bytes",
                at: file.name,
                advice: "Use fewer or shorter labels: at most \(SeriesKey.maximumBytes) bytes in all."
            )
        }
    }
}
