import Domain
import StateStore
import TestSupport
import Testing

struct GrantStoreTests {
    private static let first = StoredGrant(
        plugin: "kubernetes",
        version: "1.0.0",
        needs: ["http https://*:6443", "secret kubernetes-token"],
        at: Timestamp(milliseconds: 1000),
        by: "ann"
    )

    @Test func grantsOutliveTheProcessThatStoredThem() throws {
        let folder = try TemporaryFolder()
        try StateStore(path: folder.file("state.db")).store(Self.first)
        let store = try StateStore(path: folder.file("state.db"))
        #expect(try store.grant(of: "kubernetes") == Self.first)
        #expect(try store.grant(of: "process") == nil)
        #expect(try store.grants() == [Self.first])
    }

    @Test func aLaterGrantTakesThePlaceOfTheOneBefore() throws {
        let folder = try TemporaryFolder()
        let store = try StateStore(path: folder.file("state.db"))
        try store.store(Self.first)
        var second = Self.first
        second.needs = []
        second.by = "bob"
        try store.store(second)
        #expect(try store.grants() == [second])
        #expect(try store.removeGrant(of: "kubernetes"))
        #expect(try store.removeGrant(of: "kubernetes") == false)
        #expect(try store.grants().isEmpty)
    }
}
