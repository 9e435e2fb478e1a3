import Decision
import Domain
import Drivers
import StateStore

extension FleetLane {
    /// The *act* verb: carries out what was decided, as far as the driver can, and makes resources what they should be.
    ///
    /// The decision is durable by now, and its instant is the key of every request: who makes one again changes nothing twice. What
    /// fails is not made up for here: the next evaluation sees what is there, and decides anew.
    ///
    /// - Returns: whether something is left to be done soon.
    func act(on decision: Decision, _ work: inout LaneWork) async -> Bool {
        let plan = decision.plan
        var changed = false
        // `approve`: the plan is there for a person to read, and waits.
        if decision.outcome != .await, decision.outcome != .advise, !plan.isEmpty {
            await carryOut(plan, key: "\(name)/\(decision.at.milliseconds)", &work)
            assign(plan.assign, at: decision.at, &work)
            changed = true
        }
        let configured = await configure(&work, at: decision.at)
        return changed || configured == .unfinished
    }

    // MARK: Starting and retiring

    private func carryOut(_ plan: Plan, key: String, _ work: inout LaneWork) async {
        var started = 0
        var retired = 0
        var refused = 0
        for (place, request) in plan.start.enumerated() {
            var left = request.count
            for persona in [request.persona] + plan.fallbacks.filter({ $0 != request.persona }) where left > 0 {
                let answer = await provision(left, persona, key: "\(key)/start/\(place)/\(persona)", &work)
                guard let answer else { break }
                started += answer.ids.count
                left = max(0, min(left, answer.refused))
                if let reason = answer.reason, answer.refused > 0 { work.notes.append("\(answer.refused) not started: \(reason)") }
            }
            refused += left
        }
        let leaving = RetireSelection.choose(plan.retire, from: work.resources.map(\.resource))
        if !leaving.isEmpty {
            let driver = work.assembly.driver
            do throws(DriverError) {
                let gone = try await callingDriver { () throws(DriverError) in
                    try await driver.retire(RetireRequest(ids: leaving, key: "\(key)/retire"))
                }
                work.watch.retire(gone)
                retired = gone.count
            } catch {
                actionFailed("retire \(leaving.count)", error, &work)
            }
        }
        guard !plan.start.isEmpty || !plan.retire.isEmpty else { return }
        parts.report(.acted(fleet: name, started: started, retired: retired, refused: refused))
    }

    /// Nil where the driver failed.
    private func provision(
        _ count: Int,
        _ name: String,
        key: String,
        _ work: inout LaneWork
    ) async -> ProvisionResult? {
        guard let persona = work.assembly.persona(name) else { return ProvisionResult(ids: [], refused: count) }
        let request = ProvisionRequest(
            count: count,
            persona: persona,
            files: PersonaRendering.commonFiles(of: persona, in: self.name),
            key: key
        )
        let driver = work.assembly.driver
        do throws(DriverError) {
            return try await callingDriver { () throws(DriverError) in try await driver.provision(request) }
        } catch {
            actionFailed("start \(count) of \(name)", error, &work)
            return nil
        }
    }

    private func actionFailed(_ what: String, _ error: DriverError, _ work: inout LaneWork) {
        work.notes.append("could not \(what): \(error)")
        parts.report(.driverFailed(fleet: name, what: "could not \(what): \(error)"))
    }

    // MARK: Personas that policies ask for

    private func assign(_ planned: [PlannedAssignment], at now: Timestamp, _ work: inout LaneWork) {
        let here = Dictionary(work.resources.map { ($0.resource.id, $0.resource) }) { a, _ in a }
        var assignments: [Assignment] = []
        for plan in planned {
            guard let resource = here[plan.resource] else {
                work.notes.append("a policy assigns \(plan.persona) to \(plan.resource), which this fleet does not have")
                continue
            }
            assignments += parts.directory.firstAssignment(of: resource, at: now)
            assignments.append(
                Assignment(
                    resource: plan.resource,
                    persona: plan.persona,
                    by: "policy",
                    reason: plan.reason,
                    priority: .policy,
                    from: now,
                    until: plan.until
                )
            )
        }
        guard !assignments.isEmpty else { return }
        do throws(StateStoreError) {
            parts.directory.insert(try parts.store.assign(assignments))
        } catch {
            work.notes.append("assignments of policies cannot be stored: \(error)")
            return
        }
        for assignment in assignments where assignment.priority == .policy {
            parts.report(
                .assigned(fleet: name, resource: assignment.resource, persona: assignment.persona, by: assignment.by)
            )
        }
        services.assignmentsChanged.ring()
    }
}

extension PersonaDirectory {
    /// What a resource plays when nothing else is assigned, said before something else is: so it still holds after a restart, when
    /// the driver reports what was assigned. Empty where it has been said.
    func firstAssignment(of resource: Resource, at now: Timestamp) -> [Assignment] {
        guard !read({ $0.knows(resource.id) }) else { return [] }
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
