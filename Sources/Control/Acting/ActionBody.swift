package import Domain

/// What an action changes.
package enum ActionBody: Hashable, Sendable, Codable {
    /// So many of a persona; of those that cannot be had, the next persona is tried.
    case start(persona: String, count: Int, fallbacks: [String])
    case retire(ids: [String])
    case assign(resource: String, persona: String, until: Timestamp?, reason: String)
    case configure([Target])

    /// A resource, and what it becomes: a persona and its files, by their digest.
    package struct Target: Hashable, Sendable, Codable {
        package var resource: String
        package var persona: String
        package var digest: String
    }

    var summary: String {
        switch self {
        case .start(let persona, let count, let fallbacks):
            "start \(count) \(persona)" + (fallbacks.isEmpty ? "" : " (else \(fallbacks.joined(separator: ", ")))")
        case .retire(let ids): "retire \(Self.list(ids))"
        case .assign(let resource, let persona, _, _): "assign \(resource) to \(persona)"
        case .configure(let targets): "configure \(Self.list(targets.map(\.resource)))"
        }
    }

    private static func list(_ ids: [String]) -> String {
        ids.count <= 4 ? ids.joined(separator: ", ") : "\(ids.count): \(ids.prefix(3).joined(separator: ", ")), …"
    }
}

/// What has become of an action so far.
struct ActionProgress: Hashable, Sendable, Codable {
    /// How often its driver was asked.
    var attempts = 0
    /// What the driver says that it started or took away.
    var ids: [String] = []
    /// Of these, what has not been seen to be so.
    var unseen: [String] = []
    var refused = 0
}
