package import Decision
package import Domain

/// Which resources retire when a plan says how many.
package enum RetireSelection {
    /// Ids of what a plan's groups name: of each group the newest first, of equals the one whose id comes last.
    ///
    /// A `starting` group names when its resources were asked for, a `ready` one only its persona. What Troupe does not manage
    /// is never chosen. Where fewer are there than a group asks for, those that are there.
    ///
    /// - Parameter assigned: ids of those that a person has assigned, which only groups of such name.
    /// - Returns: ids in the order of the groups, each once.
    package static func choose(
        _ groups: [ResourceGroup],
        from resources: [Resource],
        assigned: Set<String> = []
    ) -> [String] {
        guard !groups.isEmpty else { return [] }
        let newestFirst = resources.filter(\.managed)
            .sorted { a, b in
                (a.since, a.id.utf8.count, a.id) > (b.since, b.id.utf8.count, b.id)
            }
        var taken: Set<String> = []
        var chosen: [String] = []
        for group in groups {
            var left = group.count
            for resource in newestFirst where left > 0 {
                guard resource.persona == group.persona, resource.state == group.state,
                    assigned.contains(resource.id) == group.assigned,
                    group.state != .starting || resource.since == group.since,
                    taken.insert(resource.id).inserted
                else { continue }
                chosen.append(resource.id)
                left -= 1
            }
        }
        return chosen
    }
}
