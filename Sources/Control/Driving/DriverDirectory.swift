package import Domain
package import Scripting

/// Finds the driver of a fleet.
package protocol DriverDirectory: Sendable {
    /// What a fleet of the workspace may name as its driver.
    var interfaces: [DriverInterface] { get }

    /// The driver that serves a fleet from now on.
    ///
    /// Asked at the start and after each change of the workspace, for every fleet: one that changed only its limits keeps its driver.
    /// `ready` is how many resources the fleet had asked for when Troupe was last seen; nil for one that was never decided.
    func driver(for fleet: Fleet, personas: [Persona], ready: Int?) throws(DriverError) -> any FleetDriver

    /// Fleets that are no longer in the workspace: their drivers are let go, their resources stay as they are.
    func forget(fleets: [String])
}
