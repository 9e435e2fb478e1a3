import Control
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
        let groups = [ResourceGroup](members.lazy.map(\.resource))
        cachedGroups = groups
        return groups
    }
}
