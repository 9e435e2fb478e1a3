package import Domain
import GRDB
import SQLiteFile

extension StateStore: AuditStoring {
    package func begin(_ entry: AuditEntry) throws(StateStoreError) -> Int64 {
        try write { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO audit (at, actor, token, action, subject, detail, request, client, outcome)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            )
            try insert.execute(arguments: [
                entry.at.milliseconds, entry.actor, entry.token, entry.action, entry.subject, entry.detail,
                entry.request, entry.client, entry.outcome,
            ])
            return db.lastInsertedRowID
        }
    }

    package func finishAudit(_ id: Int64, outcome: String, detail: String?) throws(StateStoreError) {
        try write { db in
            try db.execute(
                sql: "UPDATE audit SET outcome = ?2, detail = coalesce(?3, detail) WHERE id = ?1",
                arguments: [id, outcome, detail]
            )
        }
    }

    package func audit(_ selection: AuditSelection) throws(StateStoreError) -> [AuditEntry] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        require("actor = ?", selection.actor)
        require("action = ?", selection.action)
        require("at >= ?", selection.from?.milliseconds)
        require("at < ?", selection.to?.milliseconds)
        require("id < ?", selection.before)
        arguments += [max(0, selection.limit)]
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = """
            SELECT id, at, actor, token, action, subject, detail, request, client, outcome FROM audit \(clause)
            ORDER BY id DESC LIMIT ?
            """
        let bound = arguments
        return try read { db in
            try Row.fetchAll(db, sql: sql, arguments: bound)
                .map { row in
                    AuditEntry(
                        id: try row.decode(atIndex: 0),
                        at: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                        actor: try row.decode(atIndex: 2),
                        token: try row.decode(atIndex: 3),
                        action: try row.decode(atIndex: 4),
                        subject: try row.decode(atIndex: 5),
                        detail: try row.decode(atIndex: 6),
                        request: try row.decode(atIndex: 7),
                        client: try row.decode(atIndex: 8),
                        outcome: try row.decode(atIndex: 9)
                    )
                }
        }
    }

    @discardableResult
    package func pruneAudit(before horizon: Timestamp) throws(StateStoreError) -> Int {
        try write { db in
            try db.execute(sql: "DELETE FROM audit WHERE at < ?", arguments: [horizon.milliseconds])
            return db.changesCount
        }
    }
}
