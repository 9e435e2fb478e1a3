import Decision
import Domain
import Drivers
import KPIStore
import StateStore

extension FleetLane {
    /// The *act* verb: carries out what was decided, as far as the driver can, and makes resources what they should be.
    ///
    /// The decision is durable by now, and its instant is the key of every request: who makes one again changes nothing twice. What
    /// fails is not made up for here: the next evaluation sees what is there, and decides anew.
    ///
    /// A fleet that has changed is looked at again soon; one whose driver failed, or had no room, is not, however many readings come.
    func act(on decision: Decision, _ work: inout LaneWork) async -> Ending {
        let plan = decision.plan
        var ending = Ending()
        // `approve`: the plan is there for a person to read, and waits.
        if decision.outcome != .await, decision.outcome != .advise, !plan.isEmpty {
            let done = await carryOut(plan, key: "\(name)/\(decision.at.milliseconds)", &work)
            let assigned = assign(plan.assign, at: decision.at, &work)
            ending.again = done.changed + assigned > 0
            work.actionFailures = done.failed ? work.actionFailures + 1 : 0
            // Where there is no room, asking more often makes none.
            if done.failed || done.refused > 0 && !ending.again {
                let next = parts.clock.now + backoff(after: work.actionFailures, work, most: .minutes(1))
                ending.notBefore = next
                work.notes.append("the fleet is decided again at \(next)")
            }
        }
        let configured = await configure(&work, at: decision.at)
        if configured == .unfinished { ending.again = true }
        return ending
    }

    /// An interval, doubled by each failure in a row.
    func backoff(after failures: Int, _ work: LaneWork, most: TimeSpan) -> TimeSpan {
        let interval = max(work.assembly.fleet.interval.milliseconds, 1000)
        return TimeSpan(milliseconds: min(interval << Int64(min(max(failures, 1) - 1, 10)), most.milliseconds))
    }

    // MARK: Starting and retiring

    private struct Done {
        /// Resources that were started or retired.
        var changed: Int
        /// Those that could not be had.
        var refused: Int
        /// The driver failed.
        var failed: Bool
    }

    private func carryOut(_ plan: Plan, key: String, _ work: inout LaneWork) async -> Done {
        var failed = false
        var started = 0
        var retired = 0
        var refused = 0
        for (place, request) in plan.start.enumerated() {
            var left = request.count
            for persona in [request.persona] + plan.fallbacks.filter({ $0 != request.persona }) where left > 0 {
                let answer = await provision(left, persona, key: "\(key)/start/\(place)/\(persona)", &work)
                guard let answer else {
                    failed = true
                    break
                }
                started += answer.ids.count
                left = max(0, min(left, answer.refused))
                if let reason = answer.reason, answer.refused > 0 {
                    work.notes.append("\(answer.refused) not started: \(reason)")
                }
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
                failed = true
                actionFailed("retire \(leaving.count)", error, &work)
            }
        }
        if !plan.start.isEmpty || !plan.retire.isEmpty {
            parts.report(.acted(fleet: name, started: started, retired: retired, refused: refused))
        }
        return Done(changed: started + retired, refused: refused, failed: failed)
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

    /// - Returns: how many were assigned.
    private func assign(_ planned: [PlannedAssignment], at now: Timestamp, _ work: inout LaneWork) -> Int {
        let here = Dictionary(work.resources.map { ($0.resource.id, $0.resource) }) { a, _ in a }
        var assignments: [Assignment] = []
        for plan in planned {
            guard let resource = here[plan.resource] else {
                work.notes.append(
                    "a policy assigns \(plan.persona) to \(plan.resource), which this fleet does not have"
                )
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
        guard !assignments.isEmpty else { return 0 }
        let own = assignments.filter { $0.priority == .policy }
        // Before and after, as for those of people: killed in between, readings are counted anew once too often, not once too rarely.
        tellReadings(own)
        do throws(StateStoreError) {
            parts.directory.insert(try parts.store.assign(assignments))
        } catch {
            work.notes.append("assignments of policies cannot be stored: \(error)")
            return 0
        }
        tellReadings(own)
        for assignment in own {
            parts.report(
                .assigned(fleet: name, resource: assignment.resource, persona: assignment.persona, by: assignment.by)
            )
        }
        services.assignmentsChanged.ring()
        return own.count
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
