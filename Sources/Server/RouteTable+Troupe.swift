import StateStore

extension RouteTable {
    /// All routes of a server, in the order of the document.
    static func troupe(_ services: RouteServices, tokens: TokenDirectory, opensMetrics: Bool) -> RouteTable {
        let reference = RouteTableReference()
        var routes: [Route] = []
        routes += FleetRoutes(services: services).routes
        routes += OverrideRoutes(services: services).routes
        routes += ActionRoutes(services: services).routes
        routes += HoldRoutes(services: services).routes
        routes += LogRoutes(services: services).routes
        routes += ResourceRoutes(services: services).routes
        routes += AssignmentRoutes(services: services).routes
        routes += PersonaRoutes(services: services).routes
        routes += WorkspaceRoutes(services: services).routes
        routes += WriteRoutes(services: services).routes
        routes += KPIRoutes(services: services).routes
        routes += KPITransferRoutes(services: services).routes
        routes += AgentRoutes(services: services).routes
        routes += TokenRoutes(services: services, tokens: tokens).routes
        routes += AuditRoutes(services: services).routes
        routes += HealthRoutes(services: services, opensMetrics: opensMetrics, table: reference).routes
        routes += DescriptionRoutes(table: reference).routes
        reference.fill(routes)
        return RouteTable(routes)
    }
}
