package import Domain
import GRDB
import SQLiteFile

extension StateStore {
    @discardableResult
    package func assign(_ assignments: [Assignment]) throws(StateStoreError) -> [StoredAssignment] {
        for assignment in assignments { try check(assignment) }
        return try write { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO assignment (resource, persona, assigned_by, reason, priority, starts, ends)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """
            )
            return try assignments.map { assignment in
                try insert.execute(arguments: [
                    assignment.resource, assignment.persona, assignment.by, assignment.reason,
                    assignment.priority.rawValue, assignment.from.milliseconds, assignment.until?.milliseconds,
                ])
                return StoredAssignment(id: db.lastInsertedRowID, assignment: assignment, endedBy: nil)
            }
        }
    }

    @discardableResult
    package func endAssignment(
        _ id: Int64,
        at time: Timestamp,
        by: String
    ) throws(StateStoreError) -> StoredAssignment {
        try write { db in
            // An end before the start would be a lie about the past: such an assignment ends where it begins.
            try db.execute(
                sql: """
                    UPDATE assignment SET ends = max(starts, ?2), ended_by = ?3
                    WHERE id = ?1 AND (ends IS NULL OR ends > max(starts, ?2))
                    """,
                arguments: [id, time.milliseconds, by]
            )
            guard let stored = try StoredAssignment.fetch(db, "WHERE id = ?", [id]).first else {
                throw StateStoreError(
                    .notFound,
                    "there is no assignment \(id)",
                    at: file.name,
                    advice: "List the resource's assignments for their numbers."
                )
            }
            return stored
        }
    }

    package func assignment(of resource: String, at time: Timestamp) throws(StateStoreError) -> StoredAssignment? {
        try read { db in
            try StoredAssignment.fetch(
                db,
                """
                WHERE resource = ?1 AND starts <= ?2 AND (ends IS NULL OR ends > ?2)
                ORDER BY priority DESC, starts DESC, id DESC LIMIT 1
                """,
                [resource, time.milliseconds]
            )
            .first
        }
    }

    package func assignments(at time: Timestamp) throws(StateStoreError) -> [StoredAssignment] {
        try read { db in
            let covering = try StoredAssignment.fetch(
                db,
                """
                WHERE starts <= ?1 AND (ends IS NULL OR ends > ?1)
                ORDER BY resource, priority DESC, starts DESC, id DESC
                """,
                [time.milliseconds]
            )
            // The first of each resource holds.
            return covering.reduce(into: []) { held, next in
                if held.last?.assignment.resource != next.assignment.resource { held.append(next) }
            }
        }
    }

    package func assignments(endingAfter time: Timestamp) throws(StateStoreError) -> [StoredAssignment] {
        try read { db in
            try StoredAssignment.fetch(db, "WHERE ends IS NULL OR ends > ? ORDER BY id", [time.milliseconds])
        }
    }

    package func assignmentHistory(of resource: String) throws(StateStoreError) -> [StoredAssignment] {
        try read { db in try StoredAssignment.fetch(db, "WHERE resource = ? ORDER BY id", [resource]) }
    }

    package func nextAssignmentChange(after time: Timestamp) throws(StateStoreError) -> Timestamp? {
        try read { db in
            // An assignment that ends where it begins never held, so it changes nothing.
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT min(change) FROM (
                        SELECT min(starts) AS change FROM assignment WHERE starts > ?1 AND (ends IS NULL OR ends > starts)
                        UNION ALL
                        SELECT min(ends) FROM assignment WHERE ends > ?1 AND ends > starts
                    )
                    """,
                arguments: [time.milliseconds]
            )
            .map { Timestamp(milliseconds: $0) }
        }
    }

    private func check(_ assignment: Assignment) throws(StateStoreError) {
        let complaint: String? =
            if assignment.resource.isEmpty {
                "an assignment without a resource"
            } else if assignment.persona.isEmpty {
                "an assignment of \(assignment.resource) without a persona"
            } else if let until = assignment.until, until <= assignment.from {
                "an assignment of \(assignment.resource) that ends before it begins"
            } else {
                nil
            }
        guard let complaint else { return }
        throw StateStoreError(
            .invalid,
            complaint,
            at: file.name,
            advice: "Name a resource, a persona, and an end after the start (or none); nothing was assigned."
        )
    }
}

extension StoredAssignment {
    fileprivate static func fetch(
        _ db: Database,
        _ clause: String,
        _ arguments: StatementArguments
    ) throws -> [StoredAssignment] {
        let sql = """
            SELECT id, resource, persona, assigned_by, reason, priority, starts, ends, ended_by FROM assignment \(clause)
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            .map { row in
                let priority: Int = try row.decode(atIndex: 5)
                guard let priority = Assignment.Priority(rawValue: priority) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "assignment priority \(priority)")
                }
                return StoredAssignment(
                    id: try row.decode(atIndex: 0),
                    assignment: Assignment(
                        resource: try row.decode(atIndex: 1),
                        persona: try row.decode(atIndex: 2),
                        by: try row.decode(atIndex: 3),
                        reason: try row.decode(atIndex: 4),
                        priority: priority,
                        from: Timestamp(milliseconds: try row.decode(atIndex: 6)),
                        until: try row.decode(Int64?.self, atIndex: 7).map { Timestamp(milliseconds: $0) }
                    ),
                    endedBy: try row.decode(atIndex: 8)
                )
            }
    }
}
