package import Domain
import Foundation
import GRDB
import SQLiteFile

extension StateStore: TokenStoring {
    package func tokens() throws(StateStoreError) -> [StoredToken] {
        try read { db in try StoredToken.fetch(db, "ORDER BY number", []) }
    }

    package func add(_ token: StoredToken) throws(StateStoreError) {
        try write { db in
            let holder = try StoredToken.fetch(
                db,
                "WHERE name = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)",
                [token.name, token.createdAt.milliseconds]
            )
            if let holder = holder.first {
                throw StateStoreError(
                    .conflict,
                    "the name \"\(token.name)\" is taken by token \(holder.id)",
                    at: file.name,
                    advice: "Revoke that token first, or choose another name."
                )
            }
            try db.execute(
                sql: """
                    INSERT INTO token (id, name, scope, digest, created_at, created_by, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    token.id, token.name, token.scope.rawValue, Data(token.digest), token.createdAt.milliseconds,
                    token.createdBy, token.expiresAt?.milliseconds,
                ]
            )
        }
    }

    @discardableResult
    package func revokeToken(_ id: String, at time: Timestamp, by: String) throws(StateStoreError) -> StoredToken {
        try write { db in
            try db.execute(
                sql: "UPDATE token SET revoked_at = ?2, revoked_by = ?3 WHERE id = ?1 AND revoked_at IS NULL",
                arguments: [id, time.milliseconds, by]
            )
            guard let token = try StoredToken.fetch(db, "WHERE id = ?", [id]).first else {
                throw StateStoreError(
                    .notFound,
                    "there is no token \(id)",
                    at: file.name,
                    advice: "List the tokens for their ids."
                )
            }
            return token
        }
    }

    package func noteTokenUse(_ uses: [(id: String, at: Timestamp)]) throws(StateStoreError) {
        guard !uses.isEmpty else { return }
        try write { db in
            let update = try db.cachedStatement(
                sql: "UPDATE token SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)"
            )
            for use in uses { try update.execute(arguments: [use.id, use.at.milliseconds]) }
        }
    }
}

extension StoredToken {
    fileprivate static func fetch(
        _ db: Database,
        _ clause: String,
        _ arguments: StatementArguments
    ) throws -> [StoredToken] {
        let sql = """
            SELECT id, name, scope, digest, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at
            FROM token \(clause)
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            .map { row in
                let scope: String = try row.decode(atIndex: 2)
                guard let scope = TokenScope(rawValue: scope) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "token scope \(scope)")
                }
                func time(_ index: Int) throws -> Timestamp? {
                    try row.decode(Int64?.self, atIndex: index).map { Timestamp(milliseconds: $0) }
                }
                return StoredToken(
                    id: try row.decode(atIndex: 0),
                    name: try row.decode(atIndex: 1),
                    scope: scope,
                    digest: [UInt8](try row.decode(Data.self, atIndex: 3)),
                    createdAt: Timestamp(milliseconds: try row.decode(atIndex: 4)),
                    createdBy: try row.decode(atIndex: 5),
                    expiresAt: try time(6),
                    revokedAt: try time(7),
                    revokedBy: try row.decode(atIndex: 8),
                    lastUsedAt: try time(9)
                )
            }
    }
}
