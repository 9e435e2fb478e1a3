import Decision
import Domain
import Drivers
import KPIStore
import StateStore

// Personas that policies ask for.
extension FleetLane {
    /// - Returns: how many were assigned.
    func assign(_ actions: [Action], _ work: inout LaneWork) async -> Int {
        guard !actions.isEmpty else { return 0 }
        let now = parts.clock.now
        let here = Dictionary(work.resources.map { ($0.resource.id, $0.resource) }) { a, _ in a }
        var assignments: [Assignment] = []
        for action in actions {
            guard case .assign(let id, let persona, let until, let reason) = action.body else { continue }
            guard let resource = here[id] else {
                work.journal.take(.callFailed("resource \(id) is gone", isFinal: true), for: action.key, at: now)
                continue
            }
            let assignment = Assignment(
                resource: id,
                persona: persona,
                by: "policy",
                reason: reason,
                priority: .policy,
                from: action.decided,
                until: until
            )
            if let until, until <= action.decided { continue }
            // Killed between the two, it was stored already.
            if isStored(assignment) { continue }
            assignments += parts.directory.firstAssignment(of: resource, at: action.decided)
            assignments.append(assignment)
        }
        let own = assignments.filter { $0.priority == .policy }
        // Before and after, as for those of people: killed in between, readings are counted anew once too often, not once too rarely.
        tellReadings(own)
        let (store, all) = (parts.store, assignments)
        do throws(StateStoreError) {
            if !all.isEmpty {
                let stored = try await services.threads.run { () throws(StateStoreError) in try store.assign(all) }
                parts.directory.insert(stored)
            }
        } catch {
            work.notes.append("assignments of policies cannot be stored: \(error)")
            for action in actions {
                work.journal.take(.callFailed("\(error)", isFinal: false), for: action.key, at: now)
            }
            return 0
        }
        tellReadings(own)
        for action in actions {
            work.journal.take(.answered(ids: [], refused: 0, reason: nil), for: action.key, at: now)
        }
        for assignment in own {
            parts.report(
                .assigned(fleet: name, resource: assignment.resource, persona: assignment.persona, by: assignment.by)
            )
        }
        if !own.isEmpty { services.assignmentsChanged.ring() }
        return own.count
    }

    private func isStored(_ assignment: Assignment) -> Bool {
        parts.directory.read { book in
            book.all(of: assignment.resource)
                .contains { known in
                    known.assignment.by == assignment.by && known.assignment.persona == assignment.persona
                        && known.assignment.from == assignment.from && known.assignment.reason == assignment.reason
                }
        }
    }

    /// The readings of a resource count for its new persona from now on.
    private func tellReadings(_ assignments: [Assignment]) {
        for assignment in assignments {
            let until = assignment.until ?? Timestamp(milliseconds: .max)
            do throws(KPIStoreError) {
                try parts.readings.personaChanged(
                    fleet: name,
                    resource: assignment.resource,
                    from: assignment.from,
                    until: until
                )
            } catch {
                parts.report(
                    .trouble("fleet \(name): the readings of \(assignment.resource) are not told its persona: \(error)")
                )
            }
        }
    }
}

extension PersonaDirectory {
    /// What a resource plays when nothing else is assigned, said before something else is: so it still holds after a restart, when
    /// the driver reports what was assigned. Empty where it has been said.
    func firstAssignment(of resource: Resource, at now: Timestamp) -> [Assignment] {
        guard !read({ $0.knowsFirst(of: resource) }) else { return [] }
        return [
            Assignment(
                resource: resource.id,
                persona: resource.persona,
                by: "troupe",
                reason: "as it was started",
                priority: .default,
                from: min(resource.since, now)
            )
        ]
    }
}
