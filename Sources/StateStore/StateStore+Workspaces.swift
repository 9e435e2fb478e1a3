import Domain
import Foundation
import GRDB
import SQLiteFile

extension StateStore: WorkspaceStoring {
    package func load(_ workspace: StoredWorkspace) throws(StateStoreError) -> Int64 {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO workspace_version (at, by, reason, source, digest, fleets, policies, files)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    workspace.at.milliseconds, workspace.by, workspace.reason, workspace.source, workspace.digest,
                    workspace.fleets.joined(separator: "\n"), workspace.policies.joined(separator: "\n"),
                    workspace.files,
                ]
            )
            let version = db.lastInsertedRowID
            try Self.insert(
                WorkspaceChange(version: version, at: workspace.at, by: workspace.by, reason: workspace.reason),
                in: db
            )
            return version
        }
    }

    package func restore(_ change: WorkspaceChange) throws(StateStoreError) {
        try write { db in
            let isThere = try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM workspace_version WHERE version = ?)",
                arguments: [change.version]
            )
            guard isThere == true else {
                throw StateStoreError(
                    .notFound,
                    "there is no workspace version \(change.version)",
                    at: file.name,
                    advice: "List the workspace's versions for their numbers."
                )
            }
            try Self.insert(change, in: db)
        }
    }

    package func workspaceInForce() throws(StateStoreError) -> WorkspaceChange? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT version, at, by, reason FROM workspace_change ORDER BY id DESC LIMIT 1")
                .map { row in
                    WorkspaceChange(
                        version: try row.decode(atIndex: 0),
                        at: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                        by: try row.decode(atIndex: 2),
                        reason: try row.decode(atIndex: 3)
                    )
                }
        }
    }

    package func workspace(version: Int64) throws(StateStoreError) -> StoredWorkspace? {
        try read { db in try StoredWorkspace.fetch(db, files: "files", "WHERE version = ?", [version]).first }
    }

    package func latestWorkspace(from source: String) throws(StateStoreError) -> StoredWorkspace? {
        try read { db in
            try StoredWorkspace.fetch(db, files: "x''", "WHERE source = ? ORDER BY version DESC LIMIT 1", [source])
                .first
        }
    }

    package func workspaces(limit: Int) throws(StateStoreError) -> [StoredWorkspace] {
        try read { db in
            try StoredWorkspace.fetch(db, files: "x''", "ORDER BY version DESC LIMIT ?", [max(0, limit)])
        }
    }

    private static func insert(_ change: WorkspaceChange, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO workspace_change (version, at, by, reason) VALUES (?, ?, ?, ?)",
            arguments: [change.version, change.at.milliseconds, change.by, change.reason]
        )
    }
}

extension StoredWorkspace {
    fileprivate static func fetch(
        _ db: Database,
        files: String,
        _ clause: String,
        _ arguments: StatementArguments
    ) throws -> [StoredWorkspace] {
        let sql = """
            SELECT version, at, by, reason, source, digest, fleets, policies, \(files) FROM workspace_version \(clause)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments)
            .map { row in
                let fleets: String = try row.decode(atIndex: 6)
                let policies: String = try row.decode(atIndex: 7)
                return StoredWorkspace(
                    version: try row.decode(atIndex: 0),
                    at: Timestamp(milliseconds: try row.decode(atIndex: 1)),
                    by: try row.decode(atIndex: 2),
                    reason: try row.decode(atIndex: 3),
                    source: try row.decode(atIndex: 4),
                    digest: try row.decode(atIndex: 5),
                    fleets: fleets.split(separator: "\n").map(String.init),
                    policies: policies.split(separator: "\n").map(String.init),
                    files: try row.decode(atIndex: 8)
                )
            }
    }
}
