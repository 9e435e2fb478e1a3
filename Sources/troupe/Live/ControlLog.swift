import Control
import Drivers
import Logging
import Workers

/// What the loop and the workers tell, as log records.
struct ControlLog: Sendable {
    let logger: Logger

    /// What a driver says.
    func take(_ line: PluginLogLine) {
        logger.info(
            "driver: \(line.text)",
            metadata: ["driver": "\(line.plugin)", "fleet": "\(line.fleet)", "in": "\(line.function)"]
        )
    }

    func take(_ event: ControlEvent) {
        switch event {
        case .decided(let fleet, let at, let outcome, let reason, let isNews):
            logger.log(
                level: isNews ? .info : .debug,
                "decision",
                metadata: ["fleet": "\(fleet)", "at": "\(at)", "outcome": "\(outcome)", "reason": "\(reason)"]
            )
        case .blindness(let fleet, let why?):
            logger.warning(
                "blind: nothing is removed until it is seen again",
                metadata: ["fleet": "\(fleet)", "why": "\(why)"]
            )
        case .blindness(let fleet, nil):
            logger.notice("everything is seen again", metadata: ["fleet": "\(fleet)"])
        case .driverFailed(let fleet, let what):
            logger.warning("driver failed: the fleet is held", metadata: ["fleet": "\(fleet)", "what": "\(what)"])
        case .driverRecovered(let fleet):
            logger.notice("driver answers again", metadata: ["fleet": "\(fleet)"])
        case .acted(let fleet, let started, let retired, let refused):
            logger.log(
                level: refused > 0 ? .warning : .info,
                "acted",
                metadata: [
                    "fleet": "\(fleet)", "started": "\(started)", "retired": "\(retired)", "refused": "\(refused)",
                ]
            )
        case .configured(let fleet, let resource, let persona, let isRepair):
            logger.log(
                level: isRepair ? .notice : .info,
                isRepair ? "configuration had drifted and was repaired" : "configured",
                metadata: ["fleet": "\(fleet)", "resource": "\(resource)", "persona": "\(persona)"]
            )
        case .assigned(let fleet, let resource, let persona, let by):
            logger.info(
                "assigned",
                metadata: ["fleet": "\(fleet)", "resource": "\(resource)", "persona": "\(persona)", "by": "\(by)"]
            )
        case .notRecorded(let fleets, let why):
            logger.error(
                "decisions could not be stored, and none of them is carried out",
                metadata: ["fleets": "\(fleets.prefix(10).joined(separator: ","))", "why": "\(why)"]
            )
        case .contended(let fleet, let what, let isHeld):
            logger.warning(
                isHeld
                    ? "contended once too often: the fleet is held until `troupe fleet resume`"
                    : "contended: someone else changes the fleet",
                metadata: ["fleet": "\(fleet)", "what": "\(what)"]
            )
        case .overridden(let fleet, let what, let by):
            logger.notice(
                what == nil ? "a person's word has ended" : "a person steps in",
                metadata: ["fleet": "\(fleet ?? "all")", "what": "\(what ?? "resumed")", "by": "\(by)"]
            )
        case .lifted(let what, let by, let reason):
            logger.notice(
                "a person lets it be run again",
                metadata: ["what": "\(what)", "by": "\(by)", "reason": "\(reason)"]
            )
        case .actionFailed(let fleet, let what, let why):
            logger.warning(
                "an action was not done",
                metadata: ["fleet": "\(fleet)", "what": "\(what)", "why": "\(why)"]
            )
        case .trained(let fleet, let model):
            logger.info("forecast trained", metadata: ["fleet": "\(fleet)", "model": "\(model)"])
        case .workspaceInForce(let version, let by, let reason):
            logger.notice(
                "workspace in force",
                metadata: ["version": "\(version)", "by": "\(by)", "reason": "\(reason)"]
            )
        case .workspaceRefused(let why):
            logger.error("the workspace does not load; what was in force stays so", metadata: ["why": "\(why)"])
        case .trouble(let what):
            logger.error("trouble", metadata: ["what": "\(what)"])
        }
    }

    func take(_ event: WorkerPoolEvent) {
        let level: Logger.Level =
            switch event {
            case .started, .recycled: .debug
            case .killed, .died: .warning
            case .notStarted, .quarantined, .unfiltered: .error
            case .lifted: .notice
            }
        logger.log(level: level, "\(event)")
    }
}
