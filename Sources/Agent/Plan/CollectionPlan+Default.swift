extension CollectionPlan {
    /// What is collected while the server has never answered: all that the agent measures by itself.
    package static func systemOnly(resource: String, fleet: String?, intervalSeconds: Int) -> CollectionPlan {
        CollectionPlan(
            resource: resource,
            fleet: fleet ?? "",
            persona: "",
            intervalSeconds: intervalSeconds,
            kpis: SystemKPI.allCases.map { KPIRequest(name: $0.rawValue, source: .system($0)) }
        )
    }
}
