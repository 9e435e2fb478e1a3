import Decision
package import Domain

extension [ResourceGroup] {
    /// Resources in groups: ready and draining ones by persona, starting ones also by when they were asked for.
    ///
    /// By persona, then starting (the earliest first), ready, draining; those that are not ours behind ours, those that a person has
    /// assigned behind the others.
    package init(_ resources: some Sequence<Resource>, assigned: Set<String> = []) {
        self = []
        for resource in resources where resource.state != .gone {
            let isAssigned = !assigned.isEmpty && assigned.contains(resource.id)
            let found = lastIndex {
                $0.persona == resource.persona && $0.state == resource.state && $0.managed == resource.managed
                    && $0.assigned == isAssigned
                    && (resource.state != .starting || $0.since == resource.since)
            }
            if let found {
                self[found].count += 1
                self[found].since = Swift.min(self[found].since, resource.since)
            } else {
                append(
                    ResourceGroup(
                        persona: resource.persona,
                        state: resource.state,
                        since: resource.since,
                        count: 1,
                        managed: resource.managed,
                        assigned: isAssigned
                    )
                )
            }
        }
        sort { a, b in
            let left = (a.persona, a.state.place, a.since, a.managed ? 0 : 1, a.assigned ? 1 : 0)
            let right = (b.persona, b.state.place, b.since, b.managed ? 0 : 1, b.assigned ? 1 : 0)
            return left < right
        }
    }
}

extension ResourceState {
    /// Where in its life a resource is, from 0 on.
    fileprivate var place: Int {
        switch self {
        case .starting: 0
        case .ready: 1
        case .draining: 2
        case .gone: 3
        }
    }
}
