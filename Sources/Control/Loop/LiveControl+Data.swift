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
        guard let place = services.index.find(resource), let lane = state.withLock({ $0.lanes[place.fleet] }) else {
            return nil
        }
        let assembly = lane.assembly
        let fleet = assembly.fleet
        let persona = parts.directory.persona(of: place.described.resource, at: parts.clock.now)
        let own = assembly.persona(persona)?.kpis.map(\.kpi) ?? []
        let wanted = Set(own + [fleet.demand.kpi]).sorted()
            .map { kpi in
                CollectionRequest.Wanted(name: kpi, mapping: fleet.kpis.first { $0.kpi == kpi })
            }
            // What comes from elsewhere would not count if an agent sent it too.
            .filter { $0.mapping?.isSentByAgents ?? true }
        return CollectionRequest(
            resource: resource,
            fleet: fleet.name,
            persona: persona,
            interval: fleet.interval,
            kpis: wanted
        )
    }
}

extension PersonaDirectory {
    /// What a resource plays: what is assigned, else what its driver reports.
    func persona(of resource: Resource, at now: Timestamp) -> String {
        read { $0.holding(resource, at: now)?.assignment.persona } ?? resource.persona
    }
}
