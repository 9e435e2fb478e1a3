import Control
import Domain

extension MetricText {
    /// Each fleet as the loop last saw it; what is not known is left out, and never 0.
    mutating func write(_ fleets: [FleetGauges]) {
        func each(_ name: String, _ help: String, _ number: (FleetGauges) -> Double?) {
            family(name, .gauge, help)
            for fleet in fleets {
                if let number = number(fleet) { value(name, ["fleet": fleet.fleet], number) }
            }
        }
        each("troupe_fleet_demand", "Demand now, in the fleet's demand unit.") { $0.demand }
        family("troupe_fleet_forecast_demand", .gauge, "Demand one lead time ahead, by quantile.")
        for fleet in fleets {
            for level in fleet.forecast {
                value(
                    "troupe_fleet_forecast_demand",
                    ["fleet": fleet.fleet, "quantile": String(level.quantile)],
                    level.demand
                )
            }
        }
        each("troupe_fleet_need", "Resources needed, before the guard rails.") { $0.need.map(Double.init) }
        each("troupe_fleet_target", "Resources asked for.") { $0.target.map(Double.init) }
        each("troupe_fleet_ready", "Resources that serve.") { Double($0.ready) }
        each("troupe_fleet_starting", "Resources that start.") { Double($0.starting) }
        each("troupe_fleet_capacity", "Demand that the ready resources serve within their objectives.") { $0.capacity }
        each("troupe_fleet_trust", "Trust in the forecast, 0 to 1.") { $0.trust }
        family("troupe_fleet_mode", .gauge, "1 for the mode that the fleet is in.")
        for fleet in fleets {
            for mode in Mode.allCases {
                value(
                    "troupe_fleet_mode",
                    ["fleet": fleet.fleet, "mode": mode.rawValue],
                    fleet.mode == mode ? 1 : 0
                )
            }
        }
    }
}
