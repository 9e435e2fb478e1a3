package import Domain
package import Drivers
package import Foundation
package import StateStore
package import Workers

/// What a loop stands on.
package struct ControlParts: Sendable {
    package var store: any StateStoring & WorkspaceStoring
    package var readings: any FleetReadings
    /// The one that the readings ask, too.
    package var directory: PersonaDirectory
    package var workers: WorkerPool
    package var drivers: any DriverDirectory
    package var clock: any LoopClock
    /// The workspace's folder; nil where only what is stored counts.
    package var folder: URL?
    package var settings: ControlSettings
    /// What the log of decisions is sealed with; nil where it is not.
    package var logKey: LogKey?
    package var report: @Sendable (ControlEvent) -> Void

    package init(
        store: any StateStoring & WorkspaceStoring,
        readings: any FleetReadings,
        directory: PersonaDirectory,
        workers: WorkerPool,
        drivers: any DriverDirectory,
        clock: any LoopClock,
        folder: URL?,
        settings: ControlSettings = ControlSettings(),
        logKey: LogKey? = nil,
        report: @escaping @Sendable (ControlEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.readings = readings
        self.directory = directory
        self.workers = workers
        self.drivers = drivers
        self.clock = clock
        self.folder = folder
        self.settings = settings
        self.logKey = logKey
        self.report = report
    }
}

/// How a loop is run.
package struct ControlSettings: Sendable {
    /// A fleet that is marked is evaluated at most this often.
    package var gap = TimeSpan(milliseconds: 250)
    /// A whole trace is kept at least this often.
    package var traceEvery = TimeSpan.minutes(5)
    /// How much of its past a forecast is trained on.
    package var history = TimeSpan.days(28)
    /// Fleets whose policies run at one time: enough to keep the workers busy.
    package var evaluations = 16
    /// After a step of the grid, so long readings of it are waited for before the forecast takes it; at most a quarter of a step.
    package var lateness = TimeSpan.seconds(5)
    /// A driver that has not answered for so long is said to hang.
    package var driverPatience = TimeSpan.seconds(10)
    /// Resources that one evaluation configures; the rest comes with the next.
    package var configurations = 32
    /// How often the workspace's folder is looked at for edits; nil: never.
    package var watch: TimeSpan? = .seconds(1)

    /// What all fleets together may cost an hour, and how many of their resources may be starting at once; nil: as much as they like.
    package var costPerHour: Double?
    package var starts: Int?
    /// How long a plan awaits a person's word.
    package var approval = TimeSpan.minutes(15)

    package init() {}
}
