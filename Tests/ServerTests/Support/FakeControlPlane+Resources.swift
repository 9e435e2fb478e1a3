import Control
import Domain
import StateStore
import Synchronization

extension FakeControlPlane {
    func resources(fleet: String?, labels: [Setting]) async throws(ControlError) -> [ResourceStatus] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        return state.withLock { state in
            state.resources.filter { status in
                (fleet.map { $0 == status.fleet } ?? true) && labels.allSatisfy(status.resource.labels.contains)
            }
        }
    }

    func resource(_ id: String) async throws(ControlError) -> ResourceStatus {
        try check()
        guard let found = state.withLock({ $0.resources.first { $0.resource.id == id } }) else {
            throw ControlError(.notFound, "There is no resource \"\(id)\".")
        }
        return found
    }

    func assign(
        _ request: AssignmentRequest,
        by: String,
        dryRun: Bool
    ) async throws(ControlError) -> [AssignmentEffect] {
        try check()
        guard await personas().contains(where: { $0.name == request.persona }) else {
            throw ControlError(.notFound, "There is no persona \"\(request.persona)\".")
        }
        let hit: [ResourceStatus]
        switch request.subject {
        case .resource(let id): hit = [try await resource(id)]
        case .selector(let fleet, let labels): hit = try await resources(fleet: fleet, labels: labels)
        }
        let until = request.duration.map { Self.start + $0 }
        return state.withLock { state in
            hit.map { status in
                let effect = AssignmentEffect(
                    resource: status.resource.id,
                    fleet: status.fleet,
                    personaBefore: status.resource.persona,
                    personaAfter: request.persona,
                    until: until,
                    diffs: [AssignmentEffect.FileDiff(path: "/etc/app/tuning.conf", diff: "-workers=2\n+workers=1\n")]
                )
                guard !dryRun, let index = state.resources.firstIndex(where: { $0 == status }) else { return effect }
                let id = Int64(state.history.values.reduce(1) { $0 + $1.count })
                let assignment = Assignment(
                    resource: status.resource.id,
                    persona: request.persona,
                    by: by,
                    reason: request.reason,
                    priority: request.priority,
                    from: Self.start,
                    until: until
                )
                state.history[status.resource.id, default: []]
                    .append(
                        StoredAssignment(id: id, assignment: assignment, endedBy: nil)
                    )
                state.resources[index].assignment = AssignmentSummary(id: id, assignment: assignment, endedBy: nil)
                state.resources[index].resource.persona = request.persona
                return effect
            }
        }
    }

    func release(resource id: String, by: String, dryRun: Bool) async throws(ControlError) -> AssignmentEffect {
        let status = try await resource(id)
        guard status.assignment != nil else {
            throw ControlError(.conflict, "No person has assigned a persona to \"\(id)\".")
        }
        if !dryRun {
            state.withLock { state in
                if let index = state.resources.firstIndex(where: { $0.resource.id == id }) {
                    state.resources[index].assignment = nil
                    state.resources[index].resource.persona = "low-latency"
                }
            }
        }
        return AssignmentEffect(
            resource: id,
            fleet: status.fleet,
            personaBefore: status.resource.persona,
            personaAfter: "low-latency",
            until: nil,
            diffs: []
        )
    }

    func assignmentHistory(of resource: String) async throws(ControlError) -> AssignmentHistory {
        let (history, isThere) = state.withLock { state in
            (state.history[resource], state.resources.contains { $0.resource.id == resource })
        }
        if history == nil { _ = try await self.resource(resource) }
        return AssignmentHistory(isGone: !isThere, assignments: history ?? [])
    }
}
