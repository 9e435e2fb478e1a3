package import Domain

/// What is known of a fleet at this moment.
package struct FleetStatus: Sendable, Codable, Equatable {
    package var name: String
    package var driver: String
    package var mode: Mode
    package var personas: [String]
    package var policies: [String]
    package var ready: Int
    package var starting: Int
    package var draining: Int
    package var target: Int?
    /// Demand of this moment; nil where it is not known, and then `demandStatus` says why.
    package var demand: Double?
    package var demandStatus: String
    package var demandUnit: String
    package var forecast: ForecastStatus?
    package var lastDecision: DecisionSummary?
    package var driverHealth: DriverStatus
    /// What a person on call should know, in sentences: blind policies, failing scripts, a driver that hangs, …
    package var notes: [String]

    package struct ForecastStatus: Sendable, Codable, Equatable {
        package var model: String
        package var trust: Double
        package var quantile: Double
        /// Demand one lead time ahead: at `quantile`, and the median.
        package var ahead: Double
        package var median: Double
        package var leadTime: TimeSpan

        package init(model: String, trust: Double, quantile: Double, ahead: Double, median: Double, leadTime: TimeSpan)
        {
            self.model = model
            self.trust = trust
            self.quantile = quantile
            self.ahead = ahead
            self.median = median
            self.leadTime = leadTime
        }
    }

    package struct DecisionSummary: Sendable, Codable, Equatable {
        package var at: Timestamp
        package var outcome: String
        package var current: Int
        package var target: Int
        package var reason: String

        package init(at: Timestamp, outcome: String, current: Int, target: Int, reason: String) {
            self.at = at
            self.outcome = outcome
            self.current = current
            self.target = target
            self.reason = reason
        }
    }

    package init(
        name: String,
        driver: String,
        mode: Mode,
        personas: [String],
        policies: [String],
        ready: Int,
        starting: Int,
        draining: Int,
        target: Int?,
        demand: Double?,
        demandStatus: String,
        demandUnit: String,
        forecast: ForecastStatus?,
        lastDecision: DecisionSummary?,
        driverHealth: DriverStatus,
        notes: [String]
    ) {
        self.name = name
        self.driver = driver
        self.mode = mode
        self.personas = personas
        self.policies = policies
        self.ready = ready
        self.starting = starting
        self.draining = draining
        self.target = target
        self.demand = demand
        self.demandStatus = demandStatus
        self.demandUnit = demandUnit
        self.forecast = forecast
        self.lastDecision = lastDecision
        self.driverHealth = driverHealth
        self.notes = notes
    }
}
