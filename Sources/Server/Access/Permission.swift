package import StateStore

/// What a token must allow for an operation.
package enum Permission: Sendable, CaseIterable {
    case sendKPIs
    case readPlan
    case read
    case operate
    case administer

    /// Not a ladder at its foot: what an agent sends, a viewer may not, since false KPIs move fleets.
    package func isGranted(to scope: TokenScope) -> Bool {
        switch (self, scope) {
        case (_, .admin): true
        case (.sendKPIs, .agent), (.sendKPIs, .operator): true
        case (.readPlan, _): true
        case (.read, .viewer), (.read, .operator): true
        case (.operate, .operator): true
        default: false
        }
    }

    /// The smallest scope that has it.
    package var leastScope: TokenScope {
        switch self {
        case .sendKPIs, .readPlan: .agent
        case .read: .viewer
        case .operate: .operator
        case .administer: .admin
        }
    }
}
