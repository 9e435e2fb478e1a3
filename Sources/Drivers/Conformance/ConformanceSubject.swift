package import Domain

/// A driver to be tried, and what the suite may do with it.
///
/// The fleet behind it is given over to the suite: it starts, configures and retires in it.
package struct ConformanceSubject: Sendable {
    /// What it is called in the report.
    package var name: String
    package var driver: any FleetDriver
    /// At least one; where there are two, resources are given the second by `configure`.
    package var personas: [Persona]
    /// Whether `configure` is there.
    package var configures: Bool
    /// Makes the world around the driver fail; nil for a driver that has none.
    package var faults: FaultPlan?
    /// Targets that cannot work; for each a driver that is told it.
    package var wrongTargets: [WrongTarget]
    /// Lets time pass between two looks: resources start and stop meanwhile.
    package var pause: @Sendable () async -> Void
    /// How many looks something may take: a start, an end.
    package var looks: Int

    /// A driver with a target that cannot work.
    package struct WrongTarget: Sendable {
        package var name: String
        package var driver: any FleetDriver
        /// What its complaint must name.
        package var names: String

        package init(name: String, driver: any FleetDriver, names: String) {
            self.name = name
            self.driver = driver
            self.names = names
        }
    }

    package init(
        name: String,
        driver: any FleetDriver,
        personas: [Persona],
        configures: Bool,
        faults: FaultPlan? = nil,
        wrongTargets: [WrongTarget] = [],
        looks: Int = 300,
        pause: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.driver = driver
        self.personas = personas
        self.configures = configures
        self.faults = faults
        self.wrongTargets = wrongTargets
        self.looks = looks
        self.pause = pause
    }
}
