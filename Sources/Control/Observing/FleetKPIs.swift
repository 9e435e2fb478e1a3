package import Domain
package import KPIStore

/// Which readings a fleet is made of: its demand, the KPIs that its personas care about, and those that it maps.
package enum FleetKPIs {
    /// Sorted by KPI, each once.
    package static func definitions(of fleet: Fleet, personas: [Persona]) -> [RollupDefinition] {
        let kpis = [fleet.demand.kpi] + fleet.kpis.map(\.kpi) + personas.flatMap { $0.kpis.map(\.kpi) }
        return Set(kpis).sorted().map { definition(of: $0, in: fleet) }
    }

    /// A KPI without a mapping is called what it is, and bears the labels `fleet` and `instance`; so is one that agents send. The metric that
    /// they make it of may arrive as well, from Prometheus: it does not count.
    private static func definition(of kpi: String, in fleet: Fleet) -> RollupDefinition {
        guard let mapping = fleet.kpis.first(where: { $0.kpi == kpi }), !mapping.isSentByAgents else {
            return RollupDefinition(
                fleet: fleet.name,
                kpi: kpi,
                metric: kpi,
                matchers: [.equal(label: "fleet", value: fleet.name)],
                step: fleet.grid
            )
        }
        return RollupDefinition(
            fleet: fleet.name,
            kpi: kpi,
            metric: mapping.metric,
            matchers: mapping.match.map { .equal(label: $0.name, value: $0.value) },
            resourceLabel: mapping.resourceLabel,
            isCounter: mapping.rate,
            step: fleet.grid
        )
    }
}
