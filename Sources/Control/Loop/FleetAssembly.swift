import Domain
import Drivers
import Scripting

/// A fleet as a workspace has it, with all that it names.
struct FleetAssembly: Sendable {
    let fleet: Fleet
    /// In the fleet's order.
    let personas: [Persona]
    let policies: [Policy]
    let driver: any FleetDriver
    let series: FleetSeries

    func persona(_ name: String) -> Persona? { personas.first { $0.name == name } }

    /// Its forecasts learn from the same numbers.
    func measuresLike(_ other: FleetAssembly) -> Bool {
        fleet.demand == other.fleet.demand && fleet.grid == other.fleet.grid && fleet.timezone == other.fleet.timezone
            && fleet.kpis.first { $0.kpi == fleet.demand.kpi } == other.fleet.kpis.first { $0.kpi == fleet.demand.kpi }
            && personas.first?.cost == other.personas.first?.cost
    }
}
