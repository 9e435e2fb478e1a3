package import Domain
import Drivers
import KPIStore
import Scripting
import StateStore
import Synchronization

extension LiveControl {
    package func personas() async -> [Persona] {
        state.withLock { $0.workspace?.workspace.personas } ?? []
    }

    package func resources(fleet: String?, labels: [Setting]) async throws(ControlError) -> [ResourceStatus] {
        try found(fleet: fleet, labels: labels).map(status)
    }

    package func resource(_ id: String) async throws(ControlError) -> ResourceStatus {
        status(try found(id))
    }

    package func assignmentHistory(of resource: String) async throws(ControlError) -> AssignmentHistory {
        let history = try await asking { store throws(StateStoreError) in try store.assignmentHistory(of: resource) }
        // One that is gone has a history; one that never was has none.
        if history.isEmpty { _ = try found(resource) }
        if services.index.find(resource) != nil { return AssignmentHistory(isGone: false, assignments: history) }
        let isAllSeen = lanes.allSatisfy { $0.view.driver.lastLook != nil }
        return AssignmentHistory(isGone: isAllSeen ? true : nil, assignments: history)
    }

    // MARK: Assigning

    package func assign(
        _ request: AssignmentRequest,
        by: String,
        dryRun: Bool
    ) async throws(ControlError) -> [AssignmentEffect] {
        let now = parts.clock.now
        let subjects = try subjects(of: request)
        try check(request, for: subjects)
        let until = request.duration.map { now + $0 }
        var effects: [AssignmentEffect] = []
        for subject in subjects {
            let stored = StoredAssignment(
                id: .max,
                assignment: assignment(request, of: subject.resource.id, by: by, from: now, until: until),
                endedBy: nil
            )
            effects.append(try effect(on: subject, at: now) { $0.insert(stored) })
        }
        guard !dryRun else { return effects }
        let assignments = subjects.flatMap { subject in
            parts.directory.firstAssignment(of: subject.resource, at: now) + [
                assignment(request, of: subject.resource.id, by: by, from: now, until: until)
            ]
        }
        let end = until ?? Timestamp(milliseconds: .max)
        try await changing(subjects, from: now, until: end) { store throws(StateStoreError) in
            try store.assign(assignments)
        }
        for subject in subjects {
            let id = subject.resource.id
            parts.report(.assigned(fleet: subject.lane.name, resource: id, persona: request.persona, by: by))
        }
        return effects
    }

    package func release(resource: String, by: String, dryRun: Bool) async throws(ControlError) -> AssignmentEffect {
        let now = parts.clock.now
        let subject = try found(resource)
        let held = parts.directory.read { $0.holding(resource, at: now) }
        guard let held, held.assignment.priority == .person else {
            let what =
                switch held?.assignment.priority {
                case .policy:
                    "What holds was assigned by a policy (\(held?.assignment.reason ?? "")); change the policy, or assign another persona above it."
                case .trial: "What holds belongs to a trial; end the trial."
                case .default, .person, nil: "It plays the persona that it was started with."
                }
            throw ControlError(.conflict, "No person has assigned a persona to \(resource). \(what)")
        }
        let ended = StoredAssignment(id: held.id, assignment: held.assignment.ending(at: now), endedBy: by)
        let effect = try effect(on: subject, at: now) { $0.insert(ended) }
        guard !dryRun else { return effect }
        let end = held.assignment.until ?? Timestamp(milliseconds: .max)
        try await changing([subject], from: now, until: end) { store throws(StateStoreError) in
            [try store.endAssignment(held.id, at: now, by: by)]
        }
        parts.report(.assigned(fleet: subject.lane.name, resource: resource, persona: effect.personaAfter, by: by))
        return effect
    }

    /// Stores a change of assignments and lets everyone know who must: the readings before and after it, so that a crash in between
    /// costs some work and no truth; the directory; the fleets.
    private func changing(
        _ subjects: [Subject],
        from: Timestamp,
        until: Timestamp,
        _ change:
            @escaping @Sendable (any StateStoring & WorkspaceStoring) throws(StateStoreError) -> [StoredAssignment]
    ) async throws(ControlError) {
        await tellReadings(subjects, from: from, until: until)
        let stored = try await asking(change)
        parts.directory.insert(stored)
        await tellReadings(subjects, from: from, until: until)
        for lane in Dictionary(subjects.map { ($0.lane.name, $0.lane) }, uniquingKeysWith: { a, _ in a }).values {
            mark(lane, at: from)
        }
        // The loop may have to wake earlier than it thought.
        wakeup.ring()
    }

    private func tellReadings(_ subjects: [Subject], from: Timestamp, until: Timestamp) async {
        let parts = parts
        let changed = subjects.map { ($0.lane.name, $0.resource.id) }
        await services.threads.run {
            for (fleet, resource) in changed {
                do throws(KPIStoreError) {
                    try parts.readings.personaChanged(fleet: fleet, resource: resource, from: from, until: until)
                } catch {
                    parts.report(
                        .trouble("fleet \(fleet): the readings of \(resource) are not told its persona: \(error)")
                    )
                }
            }
        }
    }

    private func assignment(
        _ request: AssignmentRequest,
        of resource: String,
        by: String,
        from: Timestamp,
        until: Timestamp?
    ) -> Assignment {
        Assignment(
            resource: resource,
            persona: request.persona,
            by: by,
            reason: request.reason,
            priority: request.priority,
            from: from,
            until: until
        )
    }

    // MARK: What it would do

    /// What a change of the assignments does to a resource now.
    private func effect(
        on subject: Subject,
        at now: Timestamp,
        _ change: (inout AssignmentBook) -> Void
    ) throws(ControlError) -> AssignmentEffect {
        let resource = subject.resource
        var book = AssignmentBook()
        for stored in parts.directory.read({ $0.all(of: resource.id) }) { book.insert(stored) }
        let before = book.holding(resource, at: now)?.assignment.persona ?? resource.persona
        change(&book)
        let held = book.holding(resource, at: now)
        let after = held?.assignment.persona ?? resource.persona
        return AssignmentEffect(
            resource: resource.id,
            fleet: subject.lane.name,
            personaBefore: before,
            personaAfter: after,
            until: held?.assignment.until,
            diffs: UnifiedDiff.between(try files(of: before, subject), try files(of: after, subject))
        )
    }

    private func files(of name: String, _ subject: Subject) throws(ControlError) -> [ConfigTemplate] {
        guard let persona = subject.lane.assembly.persona(name) else { return [] }
        do throws(TemplateError) {
            return try PersonaRendering.files(of: persona, for: subject.resource, in: subject.lane.name)
        } catch {
            throw ControlError(.invalid, "Persona \(name) cannot be rendered for \(subject.resource.id): \(error).")
        }
    }

    // MARK: Who is meant

    struct Subject: Sendable {
        var lane: FleetLane
        var described: DescribedResource
        var resource: Resource { described.resource }
    }

    private func found(fleet: String?, labels: [Setting]) throws(ControlError) -> [Subject] {
        let lanes = if let fleet { [try lane(fleet)] } else { self.lanes }
        return lanes.flatMap { lane in
            lane.view.resources.filter { described in labels.allSatisfy(described.resource.labels.contains) }
                .sorted { $0.resource.id < $1.resource.id }
                .map { Subject(lane: lane, described: $0) }
        }
    }

    private func found(_ id: String) throws(ControlError) -> Subject {
        if let place = services.index.find(id), let lane = state.withLock({ $0.lanes[place.fleet] }) {
            return Subject(lane: lane, described: place.described)
        }
        let known = lanes.flatMap { $0.view.resources.map(\.resource.id) }.sorted()
        throw .unknown("resource", id, known: known)
    }

    private func subjects(of request: AssignmentRequest) throws(ControlError) -> [Subject] {
        switch request.subject {
        case .resource(let id): return [try found(id)]
        case .selector(let fleet, let labels):
            let subjects = try found(fleet: fleet, labels: labels)
            guard !subjects.isEmpty else {
                let which = labels.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
                throw ControlError(.notFound, "No resource has the labels \(which.isEmpty ? "(none)" : which).")
            }
            return subjects
        }
    }

    private func check(_ request: AssignmentRequest, for subjects: [Subject]) throws(ControlError) {
        guard request.priority != .default else {
            throw ControlError(
                .invalid,
                "Priority default is that of the persona a resource was started with. Say person, trial or policy."
            )
        }
        if let duration = request.duration, duration <= .zero || duration > .days(3650) {
            throw ControlError(
                .invalid,
                "The duration is \(duration): give one above 0 and of at most ten years, or none."
            )
        }
        for subject in subjects {
            let known = subject.lane.assembly.personas.map(\.name)
            guard known.contains(request.persona) else {
                var error = ControlError.unknown("persona", request.persona, known: known)
                error.kind = .invalid
                error.message = "Fleet \(subject.lane.name) of resource \(subject.resource.id): " + error.message
                throw error
            }
        }
    }

    private func status(_ subject: Subject) -> ResourceStatus {
        let held = parts.directory.read { $0.holding(subject.resource.id, at: parts.clock.now) }
        let shown = held.flatMap { held in
            held.assignment.priority == .default
                ? nil : AssignmentSummary(id: held.id, assignment: held.assignment, endedBy: held.endedBy)
        }
        return ResourceStatus(
            fleet: subject.lane.name,
            resource: subject.resource,
            assignment: shown,
            configuration: subject.described.configuration
        )
    }
}

extension Assignment {
    fileprivate func ending(at time: Timestamp) -> Assignment {
        var ended = self
        ended.until = max(from, time)
        return ended
    }
}
