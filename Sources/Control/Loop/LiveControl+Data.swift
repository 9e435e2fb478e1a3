package import Domain
import Drivers
import StateStore
import Synchronization

extension LiveControl {
    package func kpiSources() async -> KPISources {
        state.withLock { $0.workspace?.sources } ?? KPISources(version: 0, fleets: [])
    }

    package func noteArrival(fleets: Set<String>, at time: Timestamp) {
        let now = parts.clock.now
        let isSoon = state.withLock { state in
            var isSoon = false
            for fleet in fleets where state.agenda.mark(fleet, now: now) { isSoon = true }
            return isSoon
        }
        if isSoon { wakeup.ring() }
    }

    package func gauges() async -> [FleetGauges] {
        lanes.map(\.view.gauges)
    }

    package func collectionPlan(for resource: String) async -> CollectionRequest? {
        let now = parts.clock.now
        for lane in lanes {
            let view = lane.view
            guard let found = view.resources.first(where: { $0.resource.id == resource })?.resource else { continue }
            let fleet = view.assembly.fleet
            let persona = parts.directory.persona(of: found, at: now)
            let own = view.assembly.persona(persona)?.kpis.map(\.kpi) ?? []
            let wanted = Set(own + [fleet.demand.kpi]).sorted()
                .map { kpi in
                    CollectionRequest.Wanted(name: kpi, mapping: fleet.kpis.first { $0.kpi == kpi })
                }
            return CollectionRequest(
                resource: resource,
                fleet: fleet.name,
                persona: persona,
                interval: fleet.interval,
                kpis: wanted
            )
        }
        return nil
    }
}

extension PersonaDirectory {
    /// What a resource plays: what is assigned, else what its driver reports.
    func persona(of resource: Resource, at now: Timestamp) -> String {
        read { $0.holding(resource.id, at: now)?.assignment.persona } ?? resource.persona
    }
}
