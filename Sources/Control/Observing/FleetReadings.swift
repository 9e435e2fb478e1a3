package import Domain
package import KPIStore

/// What the loop asks of the readings that were stored.
///
/// Calls may read the disk: make them off the cooperative pool. They answer the same whatever the number of resources, so that a fleet of
/// a thousand is read like one of ten.
package protocol FleetReadings: Sendable {
    /// Says which KPIs are asked for from now on.
    func configure(_ definitions: [RollupDefinition], at now: Timestamp) throws(KPIStoreError)

    /// One number per step of `grid`, NaN where nothing was read.
    func window(
        fleet: String,
        kpi: String,
        persona: String?,
        resource: String?,
        _ aggregate: RollupAggregate,
        on grid: WindowGrid
    ) throws(KPIStoreError) -> [Double]

    /// When the KPI was last heard of, of resources that play `persona`, or of all; nil where it is not defined.
    func lastHeard(fleet: String, kpi: String, persona: String?) -> LastHeard?

    /// Makes readings count that were stored before anyone asked for the KPI: a fleet that is new may have a past.
    func recall(fleet: String, kpi: String, from: Timestamp, until: Timestamp) throws(KPIStoreError)

    /// A resource has, or had, another persona from `from` to `until` than was said before.
    func personaChanged(fleet: String, resource: String, from: Timestamp, until: Timestamp) throws(KPIStoreError)
}

/// When a KPI was last heard of.
package struct LastHeard: Hashable, Sendable {
    /// The newest sample of all, be its value NaN; nil: none.
    package var heard: Timestamp?
    /// The newest that has a value.
    package var valued: Timestamp?
    /// The newest sample of each series is the mark of its end.
    package var hasEnded: Bool
    /// Another number whenever a newer sample has come: many series may have samples of one instant, which come one after the other.
    package var news: Int

    package init(heard: Timestamp? = nil, valued: Timestamp? = nil, hasEnded: Bool = false, news: Int = 0) {
        self.heard = heard
        self.valued = valued
        self.hasEnded = hasEnded
        self.news = news
    }
}
