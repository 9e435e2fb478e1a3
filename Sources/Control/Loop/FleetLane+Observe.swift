import Decision
import Domain
import Drivers
import KPIStore
import Synchronization

extension FleetLane {
    /// The *observe* verb: what the driver reports, and what that teaches of starting.
    func observe(_ work: inout LaneWork) async throws(DriverError) {
        let described = parts.directory.dated(
            try await callingDriver { () throws(DriverError) in try await work.assembly.driver.describe() }
        )
        let now = parts.clock.now
        work.driver.looked(at: now)
        if work.failure != nil {
            (work.failure, work.driverFailures) = (nil, 0)
            parts.report(.driverRecovered(fleet: name))
        }
        let ready = { (resources: [DescribedResource]) in
            Set(resources.lazy.filter { $0.resource.state == .ready }.map { [$0.resource.id, $0.resource.persona] })
        }
        if work.resources != described {
            if ready(work.resources) != ready(described) { work.readyChanged = now }
            let left = Set(work.resources.map(\.resource.id)).subtracting(described.map(\.resource.id))
            if !left.isEmpty {
                for id in left {
                    (work.wanted[id], work.applied[id], work.unconfigured[id]) = (nil, nil, nil)
                    work.repairs[id] = nil
                }
                parts.directory.forget(left.sorted(), of: name)
            }
            work.resources = described
            work.groups = [ResourceGroup](described.lazy.map(\.resource))
            for resource in parts.directory.observe(described, of: name, at: now) { personaIsKnown(of: resource) }
        }
        await seeOthers(described, &work, at: now)
        lookAtJournal(described, &work, at: now)
        work.note(work.watch.look(at: described, now: now), at: now)
    }

    /// Readings of a resource that came before it was described are counted anew with its persona.
    private func personaIsKnown(of resource: Resource) {
        do throws(KPIStoreError) {
            let end = Timestamp(milliseconds: .max)
            try parts.readings.personaChanged(fleet: name, resource: resource.id, from: resource.since, until: end)
        } catch {
            parts.report(.trouble("fleet \(name): the readings of \(resource.id) are not told its persona: \(error)"))
        }
    }

    /// Says on the desk that the driver is being waited for, so that a silence is seen while it lasts.
    func callingDriver<Answer>(
        _ call: () async throws(DriverError) -> Answer
    ) async throws(DriverError) -> Answer {
        let began = parts.clock.now
        desk.withLock { $0.calledDriver = began }
        defer { desk.withLock { $0.calledDriver = nil } }
        return try await call()
    }

    /// A fleet that cannot be observed is not decided: it stays as it is, and is asked for again later and later.
    func driverFailed(_ error: DriverError, _ work: inout LaneWork) -> Ending {
        // Waiting for a grant is no failure of the driver, and what fails after it is another trouble.
        let waitsForGrant = error.kind == .notGranted
        if work.failure.map({ ($0 == .notGranted) != waitsForGrant }) ?? true {
            work.driverFailures = 0
            parts.report(.driverFailed(fleet: name, what: error.description))
        }
        work.failure = error.kind
        work.driverFailures += 1
        work.notes = ["\(error): the fleet cannot be seen and stays as it is"]
        let now = parts.clock.now
        // Looking whether it is granted by now costs nothing, and whoever grants it waits for that.
        if waitsForGrant { nudge() }
        let retry =
            now + (waitsForGrant ? .seconds(1) : backoff(after: work.driverFailures, work, most: .minutes(5)))
        work.driver.failed(error, at: now, retry: retry)
        show(work)
        return Ending(wasEvaluated: !waitsForGrant, notBefore: retry, again: waitsForGrant)
    }

    /// Renews what others see.
    func show(_ work: LaneWork) {
        let now = parts.clock.now
        var view = FleetView(assembly: work.assembly)
        view.resources = work.resources
        view.groups = work.groups
        view.decision = work.decision
        view.demand = work.demand
        view.outlook = work.evaluator.forecaster.outlook()
        view.leadTime = work.leadTime(at: now)
        view.levels = work.evaluator.forecaster.levels(ahead: view.leadTime)
        view.capacity = work.groups.reduce(0) { sum, group in
            guard group.state == .ready, let persona = work.assembly.persona(group.persona) else { return sum }
            return sum + Double(group.count) * work.capacity(of: persona)
        }
        view.driver = work.driver
        view.notes = work.notes + journalNotes(work) + contestNotes(work, at: now) + work.startNotes(at: now)
        let before = desk.withLock { desk in
            defer { desk.view = view }
            return desk.view.resources
        }
        services.index.replace(before, with: view.resources, of: name)
    }
}
