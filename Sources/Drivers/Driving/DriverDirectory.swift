package import Domain
package import Scripting

/// Finds the driver of a fleet.
package protocol DriverDirectory: Sendable {
    /// What a fleet may name as its driver beside the plugins of the workspace.
    var interfaces: [DriverInterface] { get }

    /// The driver that is to serve a fleet.
    ///
    /// Asked at the start and before each change of the workspace, for every fleet. The change may still be refused, so nothing that is known
    /// of `current` changes.
    ///
    /// - Parameters:
    ///   - plugin: the one that the fleet names; nil where it names what is built in.
    ///   - ready: how many resources the fleet had asked for when Troupe was last seen; nil for one that was never decided.
    ///   - current: the driver that serves it now; it goes on where nothing changed that concerns it.
    func driver(
        for fleet: Fleet,
        personas: [Persona],
        plugin: Plugin?,
        ready: Int?,
        current: (any FleetDriver)?
    ) throws(DriverError) -> any FleetDriver

    /// Fleets that are no longer in the workspace: their drivers are let go, their resources stay as they are.
    func forget(fleets: [String])
}
