import Domain
import Drivers
import StateStore

/// A fleet as its driver reports it, asked what became of actions.
struct FleetSight: Sendable {
    private let byID: [String: DescribedResource]
    /// By the action that created them: keys of driver calls are the action's, and what tells the calls apart.
    private let byKey: [String: [String]]

    init(_ described: [DescribedResource]) {
        byID = Dictionary(described.map { ($0.resource.id, $0) }) { a, _ in a }
        byKey = Dictionary(
            grouping: described.compactMap { one in one.key.map { (Self.action(of: $0), one.resource.id) } }
        ) {
            $0.0
        }
        .mapValues { $0.map(\.1) }
    }

    /// `shop/1772452800000/start/0/web` → `shop/1772452800000/start/0`.
    private static func action(of key: String) -> String {
        key.lastIndex(of: "/").map { String(key[..<$0]) } ?? key
    }

    /// What an action did, where it can be seen that it was carried out; nil where it cannot.
    func done(_ action: Action) -> [String]? {
        switch action.body {
        case .start: byKey[action.key]
        case .retire(let ids): ids.allSatisfy { !serves($0) } ? ids : nil
        case .assign: nil
        case .configure(let targets):
            targets.allSatisfy { byID[$0.resource]?.configuration == $0.digest } ? targets.map(\.resource) : nil
        }
    }

    /// Of what a driver says that it did, what cannot be seen.
    func unseen(_ action: Action) -> [String] {
        switch action.body {
        case .start: action.progress.unseen.filter { byID[$0] == nil }
        case .retire: action.progress.unseen.filter(serves)
        case .assign: []
        case .configure(let targets):
            // A driver that cannot tell is believed, and what is gone needs nothing.
            action.progress.unseen.filter { id in
                guard let has = byID[id]?.configuration else { return false }
                return targets.contains { $0.resource == id && $0.digest != has }
            }
        }
    }

    /// Resources that an action created in spite of all.
    func left(by action: Action) -> Int { byKey[action.key]?.count ?? 0 }

    private func serves(_ id: String) -> Bool {
        guard let state = byID[id]?.resource.state else { return false }
        return state == .starting || state == .ready
    }
}
