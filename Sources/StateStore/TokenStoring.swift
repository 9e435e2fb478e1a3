package import Domain

/// Keeps the tokens of the API.
///
/// Calls block: make them off the cooperative pool. Tokens are never deleted: who asks what a name in the audit was gets an answer.
package protocol TokenStoring: Sendable {
    /// Every token, expired and revoked ones too, in the order of creation.
    func tokens() throws(StateStoreError) -> [StoredToken]

    /// - Throws: `conflict` where the id is taken, or the name by a token that is still valid at its creation.
    func add(_ token: StoredToken) throws(StateStoreError)

    /// Revokes a token; one that was revoked before keeps its time.
    ///
    /// - Throws: `notFound`.
    @discardableResult
    func revokeToken(_ id: String, at time: Timestamp, by: String) throws(StateStoreError) -> StoredToken

    /// Notes when tokens were used last; an earlier time than the noted one changes nothing, an unknown id neither.
    func noteTokenUse(_ uses: [(id: String, at: Timestamp)]) throws(StateStoreError)
}
