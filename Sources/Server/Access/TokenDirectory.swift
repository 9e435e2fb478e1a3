import Domain
import StateStore
import Synchronization

/// The tokens of the store in memory, so that a request is authenticated without the disk.
///
/// This process is the only one that changes them while it runs: every change goes through here.
final class TokenDirectory: Sendable {
    private struct State {
        var tokens: [String: StoredToken] = [:]
        /// In the order of creation.
        var order: [String] = []
        /// Uses that the store does not know yet.
        var uses: [String: Timestamp] = [:]
        var lastFlush = Timestamp(milliseconds: .min)
    }

    private let store: any TokenStoring
    private let state: Mutex<State>
    /// Held while uses are stored: a flush that returns has behind it what an earlier one took.
    private let flushing = Mutex(())

    /// Blocks: reads the store.
    init(_ store: any TokenStoring) throws(StateStoreError) {
        self.store = store
        var state = State()
        for token in try store.tokens() {
            state.tokens[token.id] = token
            state.order.append(token.id)
        }
        self.state = Mutex(state)
    }

    func all() -> [StoredToken] { state.withLock { state in state.order.compactMap { state.tokens[$0] } } }
    func token(_ id: String) -> StoredToken? { state.withLock { $0.tokens[id] } }

    /// Blocks.
    func add(_ token: StoredToken) throws(StateStoreError) {
        try store.add(token)
        state.withLock { state in
            state.tokens[token.id] = token
            state.order.append(token.id)
        }
    }

    /// Blocks. The token is refused from the moment this returns.
    func revoke(_ id: String, at time: Timestamp, by: String) throws(StateStoreError) -> StoredToken {
        var token = try store.revokeToken(id, at: time, by: by)
        return state.withLock { state in
            token.lastUsedAt = state.tokens[id]?.lastUsedAt ?? token.lastUsedAt
            state.tokens[id] = token
            return token
        }
    }

    /// Notes a use, to the minute.
    ///
    /// - Returns: true where it is time to `flushUses`.
    func noteUse(of id: String, at now: Timestamp) -> Bool {
        state.withLock { state in
            if let last = state.tokens[id]?.lastUsedAt, now - last < .minutes(1) { return false }
            state.tokens[id]?.lastUsedAt = now
            state.uses[id] = now
            guard state.lastFlush.milliseconds == .min || now - state.lastFlush >= .seconds(10) else { return false }
            state.lastFlush = now
            return true
        }
    }

    /// Stores the uses that were noted before; what cannot be stored is tried again by the next flush.
    ///
    /// Blocks, for a flush under way too: after it the store knows every use noted before the call.
    func flushUses() throws(StateStoreError) {
        try flushing.withLock { (_) throws(StateStoreError) in
            let uses = state.withLock { $0.uses }
            try store.noteTokenUse(uses.sorted { $0.key < $1.key }.map { (id: $0.key, at: $0.value) })
            state.withLock { state in
                for (id, time) in uses where state.uses[id] == time { state.uses[id] = nil }
            }
        }
    }
}
