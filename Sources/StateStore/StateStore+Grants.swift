import Domain
import GRDB
import SQLiteFile

extension StateStore: GrantStoring {
    package func grants() throws(StateStoreError) -> [StoredGrant] {
        try read { db in try StoredGrant.fetch(db, "ORDER BY plugin", []) }
    }

    package func grant(of plugin: String) throws(StateStoreError) -> StoredGrant? {
        try read { db in try StoredGrant.fetch(db, "WHERE plugin = ?", [plugin]).first }
    }

    package func store(_ grant: StoredGrant) throws(StateStoreError) {
        guard !grant.plugin.isEmpty, !grant.needs.contains(where: { $0.contains("\n") }) else {
            throw StateStoreError(
                .invalid,
                "a grant for \"\(grant.plugin)\" with needs that are no lines",
                at: file.name,
                advice: "Grant what `troupe plugin grant` shows."
            )
        }
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO plugin_grant (plugin, version, needs, granted_at, granted_by) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (plugin) DO UPDATE SET version = excluded.version, needs = excluded.needs,
                        granted_at = excluded.granted_at, granted_by = excluded.granted_by
                    """,
                arguments: [
                    grant.plugin, grant.version, grant.needs.joined(separator: "\n"), grant.at.milliseconds, grant.by,
                ]
            )
        }
    }

    @discardableResult
    package func removeGrant(of plugin: String) throws(StateStoreError) -> Bool {
        try write { db in
            try db.execute(sql: "DELETE FROM plugin_grant WHERE plugin = ?", arguments: [plugin])
            return db.changesCount > 0
        }
    }
}

extension StoredGrant {
    fileprivate static func fetch(_ db: Database, _ clause: String, _ arguments: StatementArguments) throws
        -> [StoredGrant]
    {
        let sql = "SELECT plugin, version, needs, granted_at, granted_by FROM plugin_grant \(clause)"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            .map { row in
                let needs: String = try row.decode(atIndex: 2)
                return StoredGrant(
                    plugin: try row.decode(atIndex: 0),
                    version: try row.decode(atIndex: 1),
                    needs: needs.split(separator: "\n").map(String.init),
                    at: Timestamp(milliseconds: try row.decode(atIndex: 3)),
                    by: try row.decode(atIndex: 4)
                )
            }
    }
}
