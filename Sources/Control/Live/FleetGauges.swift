package import Domain

/// A fleet as `/metrics` shows it.
package struct FleetGauges: Sendable, Equatable {
    package var fleet: String
    package var mode: Mode
    package var demand: Double?
    /// Demand one lead time ahead, levels ascending.
    package var forecast: [Level]
    package var need: Int?
    package var target: Int?
    package var ready: Int
    package var starting: Int
    package var capacity: Double
    package var trust: Double?

    package init(
        fleet: String,
        mode: Mode,
        demand: Double?,
        forecast: [Level],
        need: Int?,
        target: Int?,
        ready: Int,
        starting: Int,
        capacity: Double,
        trust: Double?
    ) {
        self.fleet = fleet
        self.mode = mode
        self.demand = demand
        self.forecast = forecast
        self.need = need
        self.target = target
        self.ready = ready
        self.starting = starting
        self.capacity = capacity
        self.trust = trust
    }

    package struct Level: Sendable, Equatable {
        package var quantile: Double
        package var demand: Double

        package init(quantile: Double, demand: Double) {
            self.quantile = quantile
            self.demand = demand
        }
    }
}
