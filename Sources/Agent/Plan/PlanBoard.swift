import Synchronization

/// The plan in force: the follower puts it there, the collection reads it.
package final class PlanBoard: Sendable {
    /// A plan and how many came before it.
    package struct Posted: Sendable {
        package var plan: CollectionPlan
        package var version: Int
    }

    private let posted: Mutex<Posted>

    package init(_ plan: CollectionPlan) {
        posted = Mutex(Posted(plan: plan, version: 0))
    }

    package var current: Posted {
        posted.withLock { $0 }
    }

    package func post(_ plan: CollectionPlan) {
        posted.withLock { posted in
            guard posted.plan != plan else { return }
            posted = Posted(plan: plan, version: posted.version + 1)
        }
    }
}
