import Domain
package import KPIStore

/// The rollups, as the loop asks for readings.
extension RollupEngine: FleetReadings {
    package func lastHeard(fleet: String, kpi: String, persona: String?) -> LastHeard? {
        lastSample(fleet: fleet, kpi: kpi, persona: persona)
            .map { last in
                LastHeard(heard: last.heard, valued: last.valued, hasEnded: last.hasEnded, news: last.news)
            }
    }
}
