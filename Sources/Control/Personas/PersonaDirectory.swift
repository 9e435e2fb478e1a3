import Domain
import Drivers
package import KPIStore
import StateStore
import Synchronization

/// Who plays what, when: the assignments, and below them the persona that each resource was started with.
///
/// The rollups ask it for the persona of a sample's time. It answers from memory and never waits for anything but its own lock.
package final class PersonaDirectory: Sendable {
    private struct State {
        var book = AssignmentBook()
        /// Another one after each change of the book.
        var version = 0
        /// By resource: its fleet, and what it plays while nothing is assigned.
        var known: [String: Known] = [:]
    }

    struct Known: Sendable, Equatable {
        var fleet: String
        var base: String
        /// When it was asked for.
        var since: Timestamp
    }

    private let state = Mutex(State())

    package init() {}

    /// What rollups ask.
    package var source: PersonaSpan.Source {
        { fleet, resource, time in self.span(fleet: fleet, resource: resource, at: time) }
    }

    private func span(fleet: String, resource: String, at time: Timestamp) -> PersonaSpan {
        state.withLock { state in
            let known = state.known[resource]
            guard known.map({ $0.fleet == fleet }) ?? state.book.knows(resource) else { return PersonaSpan(nil) }
            var span = state.book.span(of: resource, at: time, base: known?.base)
            // Another had the id before.
            if let known, state.book.holding(resource, at: time)?.isFirst(ofOneBefore: known.since) ?? false {
                if time < known.since {
                    span.until = min(span.until, known.since)
                } else {
                    span.from = max(span.from, known.since)
                    span.persona = known.base
                }
            }
            return PersonaSpan(span.persona, from: span.from, until: span.until)
        }
    }

    // MARK: What the loop says and asks

    func replace(_ book: AssignmentBook) {
        state.withLock { state in
            state.book = book
            state.version += 1
        }
    }

    func insert(_ assignments: [StoredAssignment]) {
        state.withLock { state in
            for stored in assignments { state.book.insert(stored) }
            state.version += 1
        }
    }

    /// Another one after each change of the assignments, but for those that are forgotten.
    var version: Int { state.withLock { $0.version } }

    /// Looks at the assignments as they are at one moment.
    func read<Result>(_ body: (AssignmentBook) -> Result) -> Result {
        state.withLock { body($0.book) }
    }

    /// The persona is assigned to the resource and stays so for at least half of `duration`; for good where that is nil.
    func isSettled(_ resource: String, persona: String, for duration: TimeSpan?, at now: Timestamp) -> Bool {
        guard let held = read({ $0.holding(resource, at: now) }), held.assignment.persona == persona else {
            return false
        }
        guard let until = held.assignment.until else { return true }
        guard let duration else { return false }
        return until - now >= TimeSpan(milliseconds: duration.milliseconds / 2)
    }

    func forget(before time: Timestamp) {
        state.withLock { $0.book.forget(before: time) }
    }

    /// Takes note of what a fleet's driver reports: a resource that is new plays what it was started with.
    ///
    /// - Returns: the resources whose first persona is another than was thought.
    func observe(_ resources: [DescribedResource], of fleet: String, at now: Timestamp) -> [Resource] {
        state.withLock { state in
            var news: [Resource] = []
            for described in resources {
                let resource = described.resource
                // While something is assigned, what is reported is not what it was started with.
                let isAssigned = state.book.holding(resource, at: now) != nil
                let before = state.known[resource.id]?.base
                let base = isAssigned ? before ?? resource.persona : resource.persona
                let known = Known(fleet: fleet, base: base, since: resource.since)
                guard state.known[resource.id] != known else { continue }
                state.known[resource.id] = known
                news.append(resource)
            }
            return news
        }
    }

    /// Forgets resources of a fleet that are no longer there.
    func forget(_ resources: [String], of fleet: String) {
        state.withLock { state in
            for resource in resources where state.known[resource]?.fleet == fleet { state.known[resource] = nil }
        }
    }
}
