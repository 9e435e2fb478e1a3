import Domain
import Foundation
import GRDB
import SQLiteFile

extension StateStore {
    package func policyState(of fleet: String, policy: String) throws(StateStoreError) -> PolicyState? {
        try read { db in
            try PolicyState.fetch(db, "WHERE fleet = ? AND policy = ?", [fleet, policy]).first
        }
    }

    package func policyStates(of fleet: String) throws(StateStoreError) -> [PolicyState] {
        try read { db in try PolicyState.fetch(db, "WHERE fleet = ? ORDER BY policy", [fleet]) }
    }

    @discardableResult
    package func removePolicyStates(of fleet: String, policy: String?) throws(StateStoreError) -> Int {
        try write { db in
            try db.execute(
                sql: "DELETE FROM policy_state WHERE fleet = ?1 AND (?2 IS NULL OR policy = ?2)",
                arguments: [fleet, policy]
            )
            return db.changesCount
        }
    }

    func check(_ state: PolicyState) throws(StateStoreError) {
        guard state.state.count <= PolicyState.maximumBytes else {
            throw StateStoreError(
                .invalid,
                "policy \(state.policy) of fleet \(state.fleet) wants to remember \(state.state.count) bytes",
                at: file.name,
                advice: "A policy's state may have \(PolicyState.maximumBytes) bytes: keep less."
            )
        }
    }

    func store(_ states: [PolicyState], in db: Database) throws {
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO policy_state (fleet, policy, at, state) VALUES (?, ?, ?, ?)
                ON CONFLICT (fleet, policy) DO UPDATE SET at = excluded.at, state = excluded.state
                """
        )
        for state in states {
            try upsert.execute(arguments: [state.fleet, state.policy, state.at.milliseconds, state.state])
        }
    }
}

extension PolicyState {
    fileprivate static func fetch(
        _ db: Database,
        _ clause: String,
        _ arguments: StatementArguments
    ) throws -> [PolicyState] {
        let statement = try db.cachedStatement(sql: "SELECT fleet, policy, at, state FROM policy_state \(clause)")
        return try Row.fetchAll(statement, arguments: arguments)
            .map { row in
                PolicyState(
                    fleet: try row.decode(atIndex: 0),
                    policy: try row.decode(atIndex: 1),
                    at: Timestamp(milliseconds: try row.decode(atIndex: 2)),
                    state: try row.decode(atIndex: 3)
                )
            }
    }
}
