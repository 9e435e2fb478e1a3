import Dispatch
import Domain
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// When a token was used last reaches the store, whoever brings it there.
struct TokenUseTests {
    /// The flush of a stop comes while that of a request is under way: it must not return before the store has what the other one took.
    @Test func aFlushWaitsForTheOneUnderWay() async throws {
        let store = SlowTokens()
        let directory = try TokenDirectory(store)
        #expect(directory.noteUse(of: "t", at: Timestamp(milliseconds: 60_000)))
        async let first: Void = onThread { try directory.flushUses() }
        try await onThread { store.entered.wait() }
        async let second = onThread {
            try directory.flushUses()
            defer { store.isFlushed.signal() }
            return store.uses.withLock { $0 }
        }
        // A flush that does not wait is through at once; one that waits must be let on.
        try await onThread { _ = store.isFlushed.wait(timeout: .now() + .milliseconds(100)) }
        store.mayWrite.signal()
        try await first
        #expect(try await second == ["t": Timestamp(milliseconds: 60_000)])
    }

    @Test func whatTheStoreRefusesIsTriedAgain() throws {
        let store = SlowTokens()
        store.mayWrite.signal()
        store.isFull.withLock { $0 = true }
        let directory = try TokenDirectory(store)
        #expect(directory.noteUse(of: "t", at: Timestamp(milliseconds: 60_000)))
        #expect(throws: StateStoreError.self) { try directory.flushUses() }
        store.isFull.withLock { $0 = false }
        store.mayWrite.signal()
        try directory.flushUses()
        #expect(store.uses.withLock { $0 } == ["t": Timestamp(milliseconds: 60_000)])
    }
}

/// What blocks, off the cooperative pool.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
    }
}

/// A store whose writing of uses waits until it may.
private final class SlowTokens: TokenStoring {
    let entered = DispatchSemaphore(value: 0)
    let mayWrite = DispatchSemaphore(value: 0)
    let isFlushed = DispatchSemaphore(value: 0)
    let isFull = Mutex(false)
    let uses = Mutex<[String: Timestamp]>([:])

    func tokens() throws(StateStoreError) -> [StoredToken] {
        let created = Timestamp(milliseconds: 0)
        return [StoredToken(id: "t", name: "t", scope: .viewer, digest: [], createdAt: created, createdBy: "test")]
    }

    func add(_ token: StoredToken) throws(StateStoreError) {}

    func revokeToken(_ id: String, at time: Timestamp, by: String) throws(StateStoreError) -> StoredToken {
        throw StateStoreError(.notFound, "there is no token \(id)", at: "memory", advice: "")
    }

    func noteTokenUse(_ uses: [(id: String, at: Timestamp)]) throws(StateStoreError) {
        guard !uses.isEmpty else { return }
        entered.signal()
        // A flush that does not wait for the other one would wait here for ever.
        _ = mayWrite.wait(timeout: .now() + .seconds(10))
        if isFull.withLock({ $0 }) { throw StateStoreError(.diskFull, "the disk is full", at: "memory", advice: "") }
        self.uses.withLock { stored in
            for use in uses { stored[use.id] = use.at }
        }
    }
}
