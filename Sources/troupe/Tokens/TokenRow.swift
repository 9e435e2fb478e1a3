import ArgumentParser

/// A token as the API says it, without its secret.
struct TokenRow: Decodable {
    let id: String
    let name: String
    let scope: String
    let createdAt: Moment
    let createdBy: String
    let expiresAt: Moment?
    let revokedAt: Moment?
    let revokedBy: String?
    let lastUsedAt: Moment?

    struct List: Decodable { let tokens: [TokenRow] }

    func isValid(at now: Moment) -> Bool { revokedAt == nil && expiresAt.map { $0 > now } ?? true }
}

/// What a token allows; the server has the last word.
enum TokenScopeArgument: String, ExpressibleByArgument, CaseIterable {
    case agent, viewer, `operator`, admin
}
