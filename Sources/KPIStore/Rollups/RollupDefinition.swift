package import Domain

/// Which series a fleet's KPI is made of, and how.
///
///     RollupDefinition(fleet: "storefront", kpi: "request_rate", metric: "http_requests_total",
///                      matchers: [.equal(label: "job", value: "shop")], isCounter: true)
package struct RollupDefinition: Hashable, Sendable {
    package var fleet: String
    package var kpi: String
    /// Name of the series.
    package var metric: String
    /// Conditions on their labels, all of which must hold. One `equal` among them makes a new series quick to place.
    package var matchers: [SeriesSelector.Matcher]
    /// The label that names the resource; a series without it belongs to the fleet as a whole and plays no persona.
    package var resourceLabel: String
    /// The series count up, and what matters is by how much a second.
    package var isCounter: Bool
    /// The grid: steps begin at its multiples since 1970.
    package var step: TimeSpan

    package init(
        fleet: String,
        kpi: String,
        metric: String,
        matchers: [SeriesSelector.Matcher] = [],
        resourceLabel: String = "instance",
        isCounter: Bool = false,
        step: TimeSpan = .minutes(1)
    ) {
        self.fleet = fleet
        self.kpi = kpi
        self.metric = metric
        self.matchers = matchers
        self.resourceLabel = resourceLabel
        self.isCounter = isCounter
        self.step = step
    }

    /// No rate is taken across a longer silence of a counter: as in Prometheus, whose look-back it is.
    static let longestSilence: Int64 = 300_000
    /// What a counter's first rate of a step needs to know of the time before.
    var lookBack: Int64 { isCounter ? Self.longestSilence : 0 }

    func matches(_ key: SeriesKey) -> Bool {
        SeriesSelector(name: metric, matchers: matchers).matches(key)
    }
}

/// The persona that a resource plays at one instant, and the time around it in which that does not change.
package struct PersonaSpan: Hashable, Sendable {
    /// nil: none, as before the resource was known.
    package var persona: String?
    package var from: Timestamp
    /// First instant after it.
    package var until: Timestamp

    package init(
        _ persona: String?,
        from: Timestamp = Timestamp(milliseconds: .min),
        until: Timestamp = Timestamp(milliseconds: .max)
    ) {
        self.persona = persona
        self.from = from
        self.until = until
    }

    /// The persona of a resource of a fleet at an instant.
    ///
    /// It is asked while the rollups are locked: it must not call them, nor block.
    package typealias Source = @Sendable (_ fleet: String, _ resource: String, _ time: Timestamp) -> PersonaSpan
}

/// One number for what was read in one step.
package enum RollupAggregate: Hashable, Sendable {
    /// Of all readings.
    case mean
    /// Σ over series of the mean of each in the step: what a demand KPI asks. A series that was read twice as often counts once.
    ///
    /// A step that spans several of the definition's steps is the mean of theirs.
    case sum
    case min
    case max
    /// How many readings; 0 in a step without.
    case count
    /// Of all readings, 0 … 1: off by at most `QuantileSketch.relativeError`.
    case quantile(Double)
}

/// When a fleet's KPI was last heard of.
package struct LastSample: Hashable, Sendable {
    /// The newest sample of all, be its value NaN; nil: none in memory.
    package var heard: Timestamp?
    /// The newest that has a value.
    package var valued: Timestamp?
    /// The newest sample of each series is the mark of its end.
    package var hasEnded: Bool
    /// Another number whenever a newer sample of any series has come, of whatever persona.
    package var news: Int
}
