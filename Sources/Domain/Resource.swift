/// One thing that serves: a VM, a container, a process.
package struct Resource: Hashable, Sendable, Codable {
    package var id: String
    /// Sorted by name.
    package var labels: [Setting]
    package var persona: String
    package var state: ResourceState
    /// When it was asked for.
    package var since: Timestamp
    /// Troupe created or adopted it; others are counted, and never retired.
    package var managed: Bool

    package init(
        id: String,
        labels: [Setting] = [],
        persona: String,
        state: ResourceState,
        since: Timestamp,
        managed: Bool = true
    ) {
        self.id = id
        self.labels = labels
        self.persona = persona
        self.state = state
        self.since = since
        self.managed = managed
    }
}

/// Where a resource is in its life.
package enum ResourceState: String, Hashable, Sendable, Codable, CaseIterable {
    case starting
    case ready
    case draining
    case gone
}

/// Resource → persona, with who, why, priority and an optional end.
///
/// When it ends, the one below it holds again.
package struct Assignment: Hashable, Sendable, Codable {
    package enum Priority: Int, Hashable, Sendable, Codable {
        case `default` = 0
        case policy = 1
        case trial = 2
        case person = 3
    }

    package var resource: String
    package var persona: String
    package var by: String
    package var reason: String
    package var priority: Priority
    package var from: Timestamp
    package var until: Timestamp?

    package init(
        resource: String,
        persona: String,
        by: String,
        reason: String,
        priority: Priority,
        from: Timestamp,
        until: Timestamp? = nil
    ) {
        self.resource = resource
        self.persona = persona
        self.by = by
        self.reason = reason
        self.priority = priority
        self.from = from
        self.until = until
    }
}
