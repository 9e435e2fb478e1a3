/// Resources scaled together: one driver target, one set of policies and limits, one demand KPI.
package struct Fleet: Hashable, Sendable, Codable {
    package var name: String
    package var driver: String
    /// What the driver is told, as the driver's own `config` describes it.
    ///
    /// Sorted by key.
    package var target: [Setting]
    /// The first is the default.
    package var personas: [String]
    package var policies: [String]
    package var demand: DemandSource
    /// Where KPIs come from when they are not named as Troupe names them.
    ///
    /// Sorted by KPI.
    package var kpis: [KPIMapping]
    /// Step of the forecast.
    package var grid: TimeSpan
    /// Every fleet is evaluated at least this often.
    package var interval: TimeSpan
    /// IANA name.
    package var timezone: String
    package var limits: Limits
    package var prediction: PredictionMode
    /// Below it the prediction adds capacity but never removes any.
    package var trust: Double
    /// Head room of the reactive need, as a fraction.
    package var headroom: Double
    package var freeze: [FreezeWindow]
    package var onBlind: OnBlind
    package var mode: Mode

    package init(
        name: String,
        driver: String = "simulated",
        target: [Setting] = [],
        personas: [String],
        policies: [String] = [],
        demand: DemandSource,
        kpis: [KPIMapping] = [],
        grid: TimeSpan = .minutes(1),
        interval: TimeSpan = .seconds(15),
        timezone: String = "UTC",
        limits: Limits = Limits(),
        prediction: PredictionMode = .merge,
        trust: Double = 0.5,
        headroom: Double = 0.1,
        freeze: [FreezeWindow] = [],
        onBlind: OnBlind = .hold,
        mode: Mode = .advise
    ) {
        self.name = name
        self.driver = driver
        self.target = target
        self.personas = personas
        self.policies = policies
        self.demand = demand
        self.kpis = kpis
        self.grid = grid
        self.interval = interval
        self.timezone = timezone
        self.limits = limits
        self.prediction = prediction
        self.trust = trust
        self.headroom = headroom
        self.freeze = freeze
        self.onBlind = onBlind
        self.mode = mode
    }
}

/// What a fleet's demand is read from.
package enum DemandSource: Hashable, Sendable, Codable {
    case kpi(String)
    /// Σ utilisation × allocated cpu; a resource is full at `target` (a fraction).
    case utilization(kpi: String, target: Double)

    /// The KPI that is read.
    package var kpi: String {
        switch self {
        case .kpi(let name): name
        case .utilization(let name, _): name
        }
    }
}

/// How a foreign metric becomes a KPI of the fleet.
///
/// Either the metric's own series arrive, from Prometheus say, and the server makes the KPI of them; or agents read the metric beside the
/// app and send the KPI under its own name. Never both, so that nothing counts twice.
package struct KPIMapping: Hashable, Sendable, Codable {
    package var kpi: String
    package var metric: String
    /// Labels that must match, sorted by name.
    package var match: [Setting]
    package var resourceLabel: String
    package var rate: Bool
    /// Of the histogram `metric`, 0 … 1.
    package var quantile: Double?
    /// The KPI is the gain of `metric` by the gain of this one.
    package var per: String?
    /// Agents read the metric.
    package var agent: Bool

    package init(
        kpi: String,
        metric: String,
        match: [Setting] = [],
        resourceLabel: String = "instance",
        rate: Bool = false,
        quantile: Double? = nil,
        per: String? = nil,
        agent: Bool = false
    ) {
        self.kpi = kpi
        self.metric = metric
        self.match = match
        self.resourceLabel = resourceLabel
        self.rate = rate
        self.quantile = quantile
        self.per = per
        self.agent = agent
    }

    /// The KPI arrives under its own name, with the labels `fleet` and `instance`: quantiles and ratios are made beside the app alone.
    package var isSentByAgents: Bool { agent || quantile != nil || per != nil }
}

/// A name and its value, as text.
package struct Setting: Hashable, Sendable, Codable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// How the forecast enters the decision.
package enum PredictionMode: String, Hashable, Sendable, Codable, CaseIterable {
    case merge
    /// It may only raise the need.
    case floor
    case off
}

/// What a fleet may do of itself.
package enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
    case observe
    case advise
    case approve
    case act
}

/// What happens when what a fleet needs to see cannot be seen.
package enum OnBlind: String, Hashable, Sendable, Codable, CaseIterable {
    case hold
    /// Scaling out on the forecast stays allowed.
    case holdIn = "hold_in"
}

/// A span in which a fleet must not change, but for `allow`.
///
/// `from` is in, `to` is out.
package struct FreezeWindow: Hashable, Sendable, Codable {
    package enum Allowed: String, Hashable, Sendable, Codable, CaseIterable {
        case nothing = "none"
        case out
        case `in`
    }

    package var from: Timestamp
    package var to: Timestamp
    package var allow: Allowed

    package init(from: Timestamp, to: Timestamp, allow: Allowed = .nothing) {
        self.from = from
        self.to = to
        self.allow = allow
    }
}
