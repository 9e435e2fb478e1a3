import Domain
package import Drivers
import ScriptProtocol
import Scripting
import Synchronization

extension LiveControl {
    package func liftDriver(of fleet: String, by: String, reason: String) async throws(ControlError) -> LiftedHold {
        let lane = try lane(fleet)
        let now = parts.clock.now
        let before = driver(of: lane, at: now)
        let script = state.withLock { $0.workspace?.workspace }?.plugin(before.driver)?.script.name
        // One that failed once is not held, and yet is not asked again for a while.
        let waits = before.nextTry.map { $0 > now } ?? false
        if lane.view.driver.waitsForGrant {
            throw ControlError(
                .conflict,
                "Driver \(before.driver) of fleet \(fleet) is not held: \(before.reason ?? "it is not granted what it needs")"
            )
        }
        guard lane.assembly.driver.lift() || waits else {
            throw ControlError(
                .conflict,
                "Driver \(before.driver) of fleet \(fleet) is neither in quarantine nor left alone. Nothing was changed."
            )
        }
        let lifted = LiftedHold(script: script ?? before.driver, fleet: fleet, reason: before.reason ?? "")
        report([lifted], by: by, reason: reason)
        urge(lane, at: now)
        return lifted
    }

    /// How the drivers of all fleets have fared, but for those that nobody counts.
    package var driverHealth: [DriverHealth] { lanes.compactMap(\.assembly.driver.health) }

    func driverHealth(of fleet: String) -> DriverHealth? { (try? lane(fleet))?.assembly.driver.health }

    func driver(of lane: FleetLane, at now: Timestamp) -> DriverStatus {
        lane.view.driver.status(
            of: lane.assembly.fleet.driver,
            lane.assembly.driver.health,
            silentFor: lane.driverSilence(at: now),
            at: now
        )
    }

    /// A fleet is to be evaluated now, however long it was to be left alone.
    func urge(_ lane: FleetLane, at now: Timestamp) {
        lane.nudge()
        state.withLock { _ = $0.agenda.urge(lane.name, now: now) }
        wakeup.ring()
    }
}
