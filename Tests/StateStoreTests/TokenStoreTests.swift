import Domain
import StateStore
import TestSupport
import Testing

/// Tokens and audit, in a file that is opened again.
struct TokenStoreTests {
    private static let now = Timestamp(milliseconds: 1_764_000_000_000)

    private func token(_ id: String, name: String = "grafana", until: Timestamp? = nil) -> StoredToken {
        StoredToken(
            id: id,
            name: name,
            scope: .viewer,
            digest: [UInt8](repeating: 7, count: 32),
            createdAt: Self.now,
            createdBy: "admin",
            expiresAt: until
        )
    }

    @Test func tokensSurviveARestart() throws {
        let folder = try TemporaryFolder()
        let first = token("a", until: Self.now + .hours(1))
        do {
            let store = try StateStore(path: folder.file("state.db"))
            try store.add(first)
            try store.noteTokenUse([("a", Self.now + .minutes(2)), ("a", Self.now + .minutes(1)), ("nope", Self.now)])
        }
        let store = try StateStore(path: folder.file("state.db"))
        var expected = first
        expected.lastUsedAt = Self.now + .minutes(2)
        #expect(try store.tokens() == [expected])
    }

    @Test func aNameIsHeldByOneValidToken() throws {
        let store = try StateStore.inMemory()
        try store.add(token("a"))
        #expect(throws: StateStoreError.self) { try store.add(token("b")) }
        let revoked = try store.revokeToken("a", at: Self.now, by: "admin")
        #expect(!revoked.isValid(at: Self.now))
        try store.add(token("b"))
        // A second revocation changes nothing.
        #expect(try store.revokeToken("a", at: Self.now + .hours(1), by: "other") == revoked)
        let error = #expect(throws: StateStoreError.self) {
            try store.revokeToken("nope", at: Self.now, by: "admin")
        }
        #expect(error?.code == .notFound)
        let twice = #expect(throws: StateStoreError.self) { try store.add(token("b", name: "other")) }
        #expect(twice?.code == .conflict)
    }

    @Test func tokensAreValidUntilTheirEnd() {
        let short = token("a", until: Self.now + .seconds(1))
        #expect(short.isValid(at: Self.now))
        #expect(!short.isValid(at: Self.now + .seconds(1)))
    }

    @Test func theAuditIsReadFromTheLatestBack() throws {
        let store = try StateStore.inMemory()
        for index in 0..<10 {
            let id = try store.begin(
                AuditEntry(
                    at: Self.now + .seconds(Int64(index)),
                    actor: index % 2 == 0 ? "anna" : "ben",
                    token: nil,
                    action: "assign persona",
                    subject: "web-\(index)",
                    detail: "",
                    request: "r\(index)",
                    client: "local"
                )
            )
            if index != 9 { try store.finishAudit(id, outcome: "done", detail: index == 0 ? "first" : nil) }
        }
        let all = try store.audit(AuditSelection(limit: 100))
        #expect(all.map(\.subject) == (0..<10).reversed().map { "web-\($0)" })
        #expect(all.first?.outcome == AuditEntry.pending)
        #expect(all.last?.detail == "first")
        let page = try store.audit(AuditSelection(actor: "anna", before: all[1].id, limit: 2))
        #expect(page.map(\.subject) == ["web-6", "web-4"])
        let span = AuditSelection(from: Self.now + .seconds(2), to: Self.now + .seconds(4), limit: 10)
        let window = try store.audit(span)
        #expect(window.map(\.subject) == ["web-3", "web-2"])
        #expect(try store.pruneAudit(before: Self.now + .seconds(5)) == 5)
        #expect(try store.audit(AuditSelection(limit: 100)).count == 5)
    }
}
