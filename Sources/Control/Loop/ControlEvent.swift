package import Domain

/// What happens in the loop that someone may want in a log or wait for in a test.
///
/// The loop knows no logger: it tells `ControlParts.report`, from any task, which must not block.
package enum ControlEvent: Sendable, Equatable {
    /// A decision is durable. `isNews`: it acts, or its outcome or reason is another than the last one's.
    case decided(fleet: String, at: Timestamp, outcome: String, reason: String, isNews: Bool)
    /// Something that decisions need cannot be seen, or can be seen again (nil).
    case blindness(fleet: String, why: String?)
    case driverFailed(fleet: String, what: String)
    case driverRecovered(fleet: String)
    /// A plan was carried out, as far as it went.
    case acted(fleet: String, started: Int, retired: Int, refused: Int)
    /// A resource was given a persona's files; `isRepair` where they were not what they should have been.
    case configured(fleet: String, resource: String, persona: String, isRepair: Bool)
    case assigned(fleet: String, resource: String, persona: String, by: String)
    /// Decisions could not be stored: nothing of them was carried out.
    case notRecorded(fleets: [String], why: String)
    /// Somebody else changed the fleet; `isHeld`: once too often.
    case contended(fleet: String, what: String, isHeld: Bool)
    /// A person's word on a fleet (nil: on all), or its end (nil).
    case overridden(fleet: String?, what: String?, by: String)
    /// A person lets a script or driver be run again that was kept from it.
    case lifted(what: String, by: String, reason: String)
    /// An action is over without having been done.
    case actionFailed(fleet: String, what: String, why: String)
    case trained(fleet: String, model: String)
    case workspaceInForce(version: Int64, by: String, reason: String)
    /// A folder that did not load: what was in force stays so.
    case workspaceRefused(why: String)
    /// Something that should not have happened and was got around.
    case trouble(String)
}
