import Domain
import StateStore

/// Assignments by resource, and which of them holds when: of those that cover an instant the one of the highest priority, then the one
/// that began last, then the one stored last; as the store says it.
///
/// Holds those that cover now or later, and those that ended a while ago, for readings that come late.
struct AssignmentBook: Sendable {
    private var byResource: [String: [StoredAssignment]] = [:]

    init(_ assignments: [StoredAssignment] = []) {
        for assignment in assignments { insert(assignment) }
    }

    /// Puts an assignment in; one of the same number is replaced.
    mutating func insert(_ stored: StoredAssignment) {
        byResource[stored.assignment.resource, default: []].removeAll { $0.id == stored.id }
        byResource[stored.assignment.resource, default: []].append(stored)
    }

    /// Forgets what ended before `time`.
    mutating func forget(before time: Timestamp) {
        for (resource, all) in byResource {
            let kept = all.filter { $0.assignment.until.map { $0 >= time } ?? true }
            guard kept.count < all.count else { continue }
            byResource[resource] = kept.isEmpty ? nil : kept
        }
    }

    func all(of resource: String) -> [StoredAssignment] { byResource[resource] ?? [] }

    func holding(_ resource: String, at time: Timestamp) -> StoredAssignment? {
        guard let all = byResource[resource] else { return nil }
        return all.lazy.filter { $0.covers(time) }
            .max { a, b in
                let left = (a.assignment.priority.rawValue, a.assignment.from, a.id)
                let right = (b.assignment.priority.rawValue, b.assignment.from, b.id)
                return left < right
            }
    }

    /// As above, of a resource that may not be the first to bear its id: what another was started with says nothing of this one.
    func holding(_ resource: Resource, at time: Timestamp) -> StoredAssignment? {
        guard let held = holding(resource.id, at: time) else { return nil }
        return held.isFirst(ofOneBefore: resource.since) ? nil : held
    }

    /// Something was assigned to it, be it its first persona.
    func knows(_ resource: String) -> Bool { byResource[resource] != nil }

    func knows(_ resource: Resource) -> Bool {
        all(of: resource.id)
            .contains { stored in
                !stored.isFirst(ofOneBefore: resource.since)
                    && stored.assignment.until.map { $0 > resource.since } ?? true
            }
    }

    /// Its first persona is told, whatever else is.
    func knowsFirst(of resource: Resource) -> Bool {
        all(of: resource.id).contains { $0.assignment.priority == .default && !$0.isFirst(ofOneBefore: resource.since) }
    }

    /// The next instant after `time` at which some assignment begins or ends.
    func nextChange(after time: Timestamp) -> Timestamp? {
        var next: Timestamp?
        for all in byResource.values {
            for stored in all where stored.assignment.until.map({ $0 > stored.assignment.from }) ?? true {
                for instant in [stored.assignment.from, stored.assignment.until] {
                    if let instant, instant > time { next = next.map { min($0, instant) } ?? instant }
                }
            }
        }
        return next
    }

    /// Resources whose persona may change after `from`, up to and with `to`.
    func changed(after from: Timestamp, through to: Timestamp) -> Set<String> {
        var found: Set<String> = []
        for (resource, all) in byResource {
            let isHit = all.contains { stored in
                [stored.assignment.from, stored.assignment.until].contains { $0.map { $0 > from && $0 <= to } ?? false }
            }
            if isHit { found.insert(resource) }
        }
        return found
    }

    /// The persona that a resource has at an instant, and the span in which that does not change; `base` where nothing is assigned.
    func span(of resource: String, at time: Timestamp, base: String?) -> (
        persona: String?, from: Timestamp, until: Timestamp
    ) {
        var from = Timestamp(milliseconds: .min)
        var until = Timestamp(milliseconds: .max)
        for stored in byResource[resource] ?? [] {
            for instant in [stored.assignment.from, stored.assignment.until] {
                guard let instant else { continue }
                if instant <= time { from = max(from, instant) } else { until = min(until, instant) }
            }
        }
        return (holding(resource, at: time)?.assignment.persona ?? base, from, until)
    }
}

extension StoredAssignment {
    /// It says what a resource was started with that had the id before one that was asked for at `since`.
    func isFirst(ofOneBefore since: Timestamp) -> Bool {
        assignment.priority == .default && assignment.from < since
    }
}
