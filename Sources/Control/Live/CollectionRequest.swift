package import Domain

/// What an agent should collect, as its resource's persona and fleet ask for it. The server writes it as the agent's `CollectionPlan`.
package struct CollectionRequest: Sendable, Codable, Equatable {
    package var resource: String
    package var fleet: String
    package var persona: String
    package var interval: TimeSpan
    /// The KPIs of the persona and the demand of the fleet, sorted, with the fleet's mapping of each, if it has one.
    package var kpis: [Wanted]

    package struct Wanted: Sendable, Codable, Equatable {
        package var name: String
        package var mapping: KPIMapping?

        package init(name: String, mapping: KPIMapping?) {
            self.name = name
            self.mapping = mapping
        }
    }

    package init(resource: String, fleet: String, persona: String, interval: TimeSpan, kpis: [Wanted]) {
        self.resource = resource
        self.fleet = fleet
        self.persona = persona
        self.interval = interval
        self.kpis = kpis
    }
}
