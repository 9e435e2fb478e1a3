package import Domain

/// All that is known of one fleet at one instant.
///
/// With forecast, proposals and limits it is the whole input of a decision.
package struct Observation: Hashable, Sendable, Codable {
    package var fleet: String
    package var now: Timestamp
    /// Demand of this moment.
    package var demand: Reading
    /// What is there, grouped.
    ///
    /// Ready resources of a persona are one group; starting ones are grouped by when they were asked for.
    package var resources: [ResourceGroup]
    /// Time from asking to ready, and when the next decision comes.
    package var leadTime: TimeSpan
    package var interval: TimeSpan
    /// Past targets and needs, as far back as the longest window of the limits, oldest first.
    ///
    /// The last entry is the decision before this one.
    package var past: [PastDecision]

    package init(
        fleet: String,
        now: Timestamp,
        demand: Reading,
        resources: [ResourceGroup],
        leadTime: TimeSpan,
        interval: TimeSpan,
        past: [PastDecision] = []
    ) {
        self.fleet = fleet
        self.now = now
        self.demand = demand
        self.resources = resources
        self.leadTime = leadTime
        self.interval = interval
        self.past = past
    }
}

/// A value that was looked for: there, or not, and why not.
///
/// Never silently 0.
package enum Reading: Hashable, Sendable, Codable {
    case value(Double)
    /// `idle`, `missing`, `stale`, `nan`, `source_down`; `last` is the last one known, if any.
    case blind(status: String, last: Double?)
}

/// So many resources alike.
package struct ResourceGroup: Hashable, Sendable, Codable {
    package var persona: String
    package var state: ResourceState
    /// When they were asked for; of ready ones the earliest.
    package var since: Timestamp
    package var count: Int
    package var managed: Bool
    /// A person has said what they play, and that holds now: they retire after all others.
    package var assigned: Bool

    package init(
        persona: String,
        state: ResourceState,
        since: Timestamp,
        count: Int,
        managed: Bool = true,
        assigned: Bool = false
    ) {
        self.persona = persona
        self.state = state
        self.since = since
        self.count = count
        self.managed = managed
        self.assigned = assigned
    }
}

/// What an earlier decision leaves for the rails of later ones.
package struct PastDecision: Hashable, Sendable, Codable {
    package var at: Timestamp
    /// Target after the rails.
    package var target: Int
    /// Need before the rails.
    package var need: Int
    /// Resources that it took out of service: retired, or given another persona.
    package var removed: Int

    package init(at: Timestamp, target: Int, need: Int, removed: Int = 0) {
        self.at = at
        self.target = target
        self.need = need
        self.removed = removed
    }
}

/// The part of a forecast that sizes the fleet: demand at the quantile that costs ask for, one value per step from the next on.
package struct DemandOutlook: Hashable, Sendable, Codable {
    package var model: String
    package var trust: Double
    /// The last grid step that the forecast knew.
    package var origin: Timestamp
    package var step: TimeSpan
    package var quantile: Double
    /// Demand at `origin + step × (i + 1)`, at `quantile`.
    package var values: [Double]
    /// The same at the median, for explanations.
    package var medians: [Double]

    package init(
        model: String,
        trust: Double,
        origin: Timestamp,
        step: TimeSpan,
        quantile: Double,
        values: [Double],
        medians: [Double] = []
    ) {
        self.model = model
        self.trust = trust
        self.origin = origin
        self.step = step
        self.quantile = quantile
        self.values = values
        self.medians = medians
    }
}
