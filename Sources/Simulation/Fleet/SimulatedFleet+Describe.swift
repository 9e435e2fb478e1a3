package import Decision
package import Domain

extension SimulatedFleet {
    /// All resources that are not gone, in the order in which they were asked for.
    package func resources() -> [Resource] { members.map(\.resource) }

    /// The files that a resource was configured with, sorted by path.
    package func files(of id: String) -> [ConfigTemplate] {
        members.first { $0.resource.id == id }?.files ?? []
    }

    /// The idempotency key that created a resource.
    package func key(of id: String) -> String? {
        members.first { $0.resource.id == id }?.key
    }

    /// The resources in groups, by persona, then starting (the earliest first), ready, draining.
    ///
    /// Kept until something changes.
    package mutating func groups() -> [ResourceGroup] {
        if let cachedGroups { return cachedGroups }
        let groups = Self.group(members.lazy.map(\.resource))
        cachedGroups = groups
        return groups
    }

    /// Resources in groups: ready and draining ones by persona, starting ones also by when they were asked for.
    package static func group(_ resources: some Sequence<Resource>) -> [ResourceGroup] {
        var groups: [ResourceGroup] = []
        for resource in resources where resource.state != .gone {
            let found = groups.lastIndex {
                $0.persona == resource.persona && $0.state == resource.state && $0.managed == resource.managed
                    && (resource.state != .starting || $0.since == resource.since)
            }
            if let found {
                groups[found].count += 1
                groups[found].since = min(groups[found].since, resource.since)
            } else {
                groups.append(
                    ResourceGroup(
                        persona: resource.persona,
                        state: resource.state,
                        since: resource.since,
                        count: 1,
                        managed: resource.managed
                    )
                )
            }
        }
        return groups.sorted { a, b in
            let left = (a.persona, order(a.state), a.since, a.managed ? 0 : 1)
            let right = (b.persona, order(b.state), b.since, b.managed ? 0 : 1)
            return left < right
        }
    }

    private static func order(_ state: ResourceState) -> Int {
        switch state {
        case .starting: 0
        case .ready: 1
        case .draining: 2
        case .gone: 3
        }
    }
}
