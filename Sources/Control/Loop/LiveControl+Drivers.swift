import Domain
import Drivers
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
        guard parts.drivers.lift(fleet: fleet) || waits else {
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

    func driver(of lane: FleetLane, at now: Timestamp) -> DriverStatus {
        lane.view.driver.status(
            of: lane.assembly.fleet.driver,
            parts.drivers.health(of: lane.name),
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
