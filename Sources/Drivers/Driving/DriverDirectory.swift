package import Domain
package import Scripting

/// Finds the driver of a fleet.
package protocol DriverDirectory: Sendable {
    /// What a fleet may name as its driver beside the plugins of the workspace.
    var interfaces: [DriverInterface] { get }

    /// The driver that serves a fleet from now on.
    ///
    /// Asked at the start and after each change of the workspace, for every fleet: one that changed only its limits keeps its driver.
    /// `plugin` is the one that the fleet names; nil where it names what is built in. `ready` is how many resources the fleet had asked for when Troupe was last seen; nil for one that was never decided.
    func driver(for fleet: Fleet, personas: [Persona], plugin: Plugin?, ready: Int?) throws(DriverError)
        -> any FleetDriver

    /// Fleets that are no longer in the workspace: their drivers are let go, their resources stay as they are.
    func forget(fleets: [String])

    /// How the driver of a fleet has fared; nil where nobody counts, as of what is built in.
    func health(of fleet: String) -> DriverHealth?

    /// Lets the driver of a fleet be called again that is kept from it, in quarantine or for a while.
    ///
    /// - Returns: whether it was.
    func lift(fleet: String) -> Bool
}

extension DriverDirectory {
    package func health(of fleet: String) -> DriverHealth? { nil }
    package func lift(fleet: String) -> Bool { false }
}
