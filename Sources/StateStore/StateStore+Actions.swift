package import Domain
import Foundation
import GRDB
import SQLiteFile

extension StateStore {
    package func openActions() throws(StateStoreError) -> [StoredAction] {
        try read { db in
            try StoredAction.fetch(
                db,
                "WHERE state IN ('awaiting', 'planned', 'prechecked', 'applied', 'failed') ORDER BY id",
                []
            )
        }
    }

    package func actions(_ selection: ActionSelection) throws(StateStoreError) -> [StoredAction] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let fleet = selection.fleet {
            conditions.append("fleet = ?")
            arguments += [fleet]
        }
        if let before = selection.before {
            conditions.append("id < ?")
            arguments += [before]
        }
        if let states = selection.states {
            let names = states.map(\.rawValue).sorted()
            conditions.append("state IN (\(names.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(names)
        }
        arguments += [max(0, selection.limit)]
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let bound = arguments
        return try read { db in try StoredAction.fetch(db, "\(clause) ORDER BY id DESC LIMIT ?", bound) }
    }

    package func action(_ id: Int64) throws(StateStoreError) -> StoredAction? {
        try read { db in try StoredAction.fetch(db, "WHERE id = ?", [id]).first }
    }

    package func decideAction(
        _ id: Int64,
        approve: Bool,
        at time: Timestamp,
        by: String,
        note: String
    ) throws(StateStoreError) -> StoredAction {
        try write { db in
            guard let known = try StoredAction.fetch(db, "WHERE id = ?", [id]).first else {
                throw StateStoreError(
                    .notFound,
                    "there is no action \(id)",
                    at: file.name,
                    advice: "List the actions that await approval for their numbers."
                )
            }
            let isLate = known.expires.map { $0 <= time } ?? false
            guard known.state == .awaiting, !isLate else {
                let what = isLate && known.state == .awaiting ? "is too old" : "is \(known.state.rawValue)"
                throw StateStoreError(
                    .conflict,
                    "action \(id) of fleet \(known.fleet) \(what) and awaits no word",
                    at: file.name,
                    advice: "List the actions that await approval; a newer one may stand in its place."
                )
            }
            try db.execute(
                sql: "UPDATE action SET state = ?2, changed = ?3, decided_by = ?4, note = ?5 WHERE id = ?1",
                arguments: [id, approve ? "planned" : "rejected", time.milliseconds, by, note]
            )
            return try StoredAction.fetch(db, "WHERE id = ?", [id])[0]
        }
    }

    @discardableResult
    package func pruneActions(before horizon: Timestamp) throws(StateStoreError) -> Int {
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM action
                    WHERE changed < ? AND state IN ('verified', 'compensated', 'rejected', 'withdrawn')
                    """,
                arguments: [horizon.milliseconds]
            )
            return db.changesCount
        }
    }

    /// New ones by their key, and what has become of those that are there.
    ///
    /// One that is over stays so, and one that awaited a word and has got it keeps it: only a withdrawal of what still awaits is one.
    func store(_ actions: [StoredAction], in db: Database) throws {
        guard !actions.isEmpty else { return }
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO action
                (key, fleet, decided, kind, state, summary, body, progress, note, changed, expires, decided_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET
                    state = excluded.state, progress = excluded.progress, note = excluded.note,
                    changed = excluded.changed
                WHERE action.state IN ('planned', 'prechecked', 'applied', 'failed')
                    AND excluded.state NOT IN ('awaiting', 'withdrawn')
                    OR action.state = 'awaiting' AND excluded.state = 'withdrawn'
                """
        )
        for action in actions {
            try upsert.execute(arguments: [
                action.key, action.fleet, action.decided.milliseconds, action.kind.rawValue, action.state.rawValue,
                action.summary, action.body, action.progress, action.note, action.changed.milliseconds,
                action.expires?.milliseconds, action.decidedBy,
            ])
        }
    }
}

extension StoredAction {
    fileprivate static func fetch(_ db: Database, _ clause: String, _ arguments: StatementArguments) throws
        -> [StoredAction]
    {
        let sql = """
            SELECT id, key, fleet, decided, kind, state, summary, body, progress, note, changed, expires, decided_by
            FROM action \(clause)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments)
            .map { row in
                guard let kind = Kind(rawValue: try row.decode(atIndex: 4)),
                    let state = State(rawValue: try row.decode(atIndex: 5))
                else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an action's kind or state") }
                return StoredAction(
                    id: try row.decode(atIndex: 0),
                    key: try row.decode(atIndex: 1),
                    fleet: try row.decode(atIndex: 2),
                    decided: Timestamp(milliseconds: try row.decode(atIndex: 3)),
                    kind: kind,
                    state: state,
                    summary: try row.decode(atIndex: 6),
                    body: try row.decode(atIndex: 7),
                    progress: try row.decode(atIndex: 8),
                    note: try row.decode(atIndex: 9),
                    changed: Timestamp(milliseconds: try row.decode(atIndex: 10)),
                    expires: try row.decode(Int64?.self, atIndex: 11).map { Timestamp(milliseconds: $0) },
                    decidedBy: try row.decode(atIndex: 12)
                )
            }
    }
}
