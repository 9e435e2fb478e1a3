import Domain
import Foundation
import GRDB
import Synchronization

/// The numbers of tracks in the database, for those that this process has stored or looked for.
struct RollupRows {
    struct Key: Hashable {
        var fleet: String
        var kpi: String
        var persona: String?
        var definition: String
    }

    var numbers: [Key: Int64] = [:]
}

extension RollupDefinition {
    /// What the numbers depend on: rows of a KPI that was defined otherwise are not mistaken for those of this one.
    var fingerprint: String {
        let conditions = matchers.map { matcher in
            switch matcher {
            case .equal(let label, let value): "\(label)=\(value)"
            case .notEqual(let label, let value): "\(label)!=\(value)"
            case .oneOf(let label, let values): "\(label)=\(values.joined(separator: "|"))"
            case .hasPrefix(let label, let prefix): "\(label)^=\(prefix)"
            }
        }
        let kind = isCounter ? "counter" : "gauge"
        return
            "\(kind) \(metric){\(conditions.joined(separator: ","))} by \(resourceLabel) each \(step.milliseconds) ms"
    }
}

/// A block on its way to the disk.
struct RollupRow {
    var key: RollupRows.Key
    var block: Int64
    var data: Data
}

/// A note that rollups on disk are out of date.
enum RollupMarkRow {
    /// Late samples of a series, by its number in the database.
    case series(Int64, ClosedRange<Int64>)
    case fleet(String, ClosedRange<Int64>)
}

extension KPIStore {
    /// Reads the stored blocks of a KPI whose numbers are in `blocks`; `persona` nil: of all.
    func rollupBlocks(
        of definition: RollupDefinition,
        persona: String? = nil,
        _ blocks: ClosedRange<Int64>
    ) throws(KPIStoreError) -> [(persona: String?, block: RollupBlock)] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT persona, block, data FROM rollup_track JOIN rollup ON track = id
                    WHERE fleet = ? AND kpi = ? AND definition = ? AND (persona = ? OR ?) AND block BETWEEN ? AND ?
                    ORDER BY id, block
                    """
            )
            let rows = try Row.fetchCursor(
                statement,
                arguments: [
                    definition.fleet, definition.kpi, definition.fingerprint, persona, persona == nil,
                    blocks.lowerBound, blocks.upperBound,
                ]
            )
            var found: [(persona: String?, block: RollupBlock)] = []
            while let row = try rows.next() {
                let persona: String? = try row.decode(atIndex: 0)
                let number: Int64 = try row.decode(atIndex: 1)
                try row.withUnsafeData(atIndex: 2) { data in
                    let block = try (data ?? Data()).withUnsafeBytes { try RollupBlock(number: number, encoded: $0) }
                    found.append((persona, block))
                }
            }
            return found
        }
    }

    /// Stores blocks, in the place of those that are there, in one transaction.
    func storeRollups(_ rows: [RollupRow], numbers: inout RollupRows) throws(KPIStoreError) {
        var known = numbers.numbers
        try write { db in
            let insert = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO rollup (track, block, data) VALUES (?, ?, ?)"
            )
            for row in rows {
                let number = try known[row.key] ?? Self.number(of: row.key, in: db)
                known[row.key] = number
                try insert.execute(arguments: [number, row.block, row.data])
            }
        }
        numbers.numbers = known
    }

    private static func number(of key: RollupRows.Key, in db: Database) throws -> Int64 {
        let find = try db.cachedStatement(
            sql: "SELECT id FROM rollup_track WHERE fleet = ? AND kpi = ? AND persona IS ? AND definition = ?"
        )
        let arguments: StatementArguments = [key.fleet, key.kpi, key.persona, key.definition]
        if let found = try Int64.fetchOne(find, arguments: arguments) { return found }
        try db.cachedStatement(
            sql: "INSERT INTO rollup_track (fleet, kpi, persona, definition) VALUES (?, ?, ?, ?)"
        )
        .execute(arguments: arguments)
        return db.lastInsertedRowID
    }

    /// Notes that all blocks that end by `horizon` are stored.
    func setRollupHorizon(_ horizon: Int64) throws(KPIStoreError) {
        // First in memory: a sample that comes between is noted as late for nothing, not missed.
        memory.withLock { $0.rollupHorizon = max($0.rollupHorizon, horizon) }
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO rollup_horizon (id, horizon) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET horizon = max(horizon, excluded.horizon)
                    """,
                arguments: [horizon]
            )
        }
    }

    func insertRollupMark(fleet: String, times: ClosedRange<Int64>) throws(KPIStoreError) {
        try write { db in
            try db.execute(
                sql: "INSERT INTO rollup_mark (fleet, first, last) VALUES (?, ?, ?)",
                arguments: [fleet, times.lowerBound, times.upperBound]
            )
        }
    }

    func rollupMarks() throws(KPIStoreError) -> [(id: Int64, mark: RollupMarkRow)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, series, fleet, first, last FROM rollup_mark ORDER BY id")
                .map { row in
                    let series: Int64? = try row.decode(atIndex: 1)
                    let fleet: String? = try row.decode(atIndex: 2)
                    let first: Int64 = try row.decode(atIndex: 3)
                    let times = first...max(first, try row.decode(Int64.self, atIndex: 4))
                    let mark: RollupMarkRow = series.map { .series($0, times) } ?? .fleet(fleet ?? "", times)
                    return (try row.decode(atIndex: 0), mark)
                }
        }
    }

    func deleteRollupMarks(upTo id: Int64) throws(KPIStoreError) {
        try write { db in try db.execute(sql: "DELETE FROM rollup_mark WHERE id <= ?", arguments: [id]) }
    }

    /// Forgets stored blocks that end before `horizon`, of definitions with this step.
    func deleteRollups(before horizon: Timestamp, definitions: [RollupDefinition]) throws(KPIStoreError) {
        let horizons = definitions.map { definition in
            let step = max(1, definition.step.milliseconds)
            return (definition, RollupBlock.place(of: floorDivide(horizon.milliseconds, step)).number)
        }
        try write { db in
            let delete = try db.cachedStatement(
                sql: """
                    DELETE FROM rollup WHERE block < ? AND track IN
                    (SELECT id FROM rollup_track WHERE fleet = ? AND kpi = ? AND definition = ?)
                    """
            )
            for (definition, block) in horizons {
                try delete.execute(arguments: [block, definition.fleet, definition.kpi, definition.fingerprint])
            }
        }
    }
}
