/// Takes the values of a plan's KPIs, collection after collection.
package struct Collector: Sendable {
    private var system: SystemSampler
    private var derivation = ScrapeDerivation()
    private var scraper: Scraper

    package init(paths: SystemPaths, scraper: Scraper) {
        system = SystemSampler(paths: paths)
        self.scraper = scraper
    }

    /// In the plan's order, without the KPIs that have no value. Nothing is read or scraped that the plan does not need.
    package mutating func collect(_ plan: CollectionPlan, clock: any AgentClock) async -> (
        at: AgentInstant, readings: [Reading]
    ) {
        var systemKPIs: Set<SystemKPI> = []
        var rules: [ScrapeRule] = []
        for kpi in plan.kpis {
            switch kpi.source {
            case .system(let name): systemKPIs.insert(name)
            case .scrape(let rule): rules.append(rule)
            }
        }
        let start = clock.now()
        let measured = system.sample(systemKPIs, at: start)
        let timeoutMs = min(10_000, Int64(plan.intervalSeconds) * 1000)
        let answers = await scraper.scrape(ScrapeDerivation.metrics(of: rules), timeoutMs: timeoutMs)
        var derived = derivation.values(of: rules, in: answers, at: clock.now()).makeIterator()
        var readings: [Reading] = []
        for kpi in plan.kpis {
            let value: Double?
            switch kpi.source {
            case .system(let name): value = measured[name]
            case .scrape: value = derived.next() ?? nil
            }
            if let value { readings.append(Reading(name: kpi.name, value: value)) }
        }
        return (start, readings)
    }
}
