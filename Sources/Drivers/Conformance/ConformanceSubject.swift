import Crypto
package import Domain
import Foundation

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
    /// The same target as another fleet: two may share an account.
    var secondFleet: (any FleetDriver)?
    /// A target that has no room.
    var fullTarget: FullTarget?
    /// How many resources a page of `describe` holds, as far as it is known by now; nil where it has answered in one so far.
    var pageSize: @Sendable () -> Int?
    /// What `configure` is given as the name of the files; to a plugin any text is one.
    var digest: @Sendable ([ConfigTemplate]) -> String
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
        /// Whether that is a key of the target: the host has options of the same names, and does not speak of the target.
        package var isKey: Bool

        package init(name: String, driver: any FleetDriver, names: String, isKey: Bool = false) {
            self.name = name
            self.driver = driver
            self.names = names
            self.isKey = isKey
        }
    }

    /// A driver with a target that has no room for so many.
    package struct FullTarget: Sendable {
        package var name: String
        package var driver: any FleetDriver
        package var count: Int

        package init(name: String, driver: any FleetDriver, count: Int) {
            self.name = name
            self.driver = driver
            self.count = count
        }
    }

    package init(
        name: String,
        driver: any FleetDriver,
        personas: [Persona],
        configures: Bool,
        faults: FaultPlan? = nil,
        wrongTargets: [WrongTarget] = [],
        secondFleet: (any FleetDriver)? = nil,
        fullTarget: FullTarget? = nil,
        pageSize: @escaping @Sendable () -> Int? = { nil },
        digest: @escaping @Sendable ([ConfigTemplate]) -> String = {
            SHA256.hash(data: Data($0.map { $0.path + "\n" + $0.contents }.joined(separator: "\n").utf8)).hexadecimal
        },
        looks: Int = 300,
        pause: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.driver = driver
        self.personas = personas
        self.configures = configures
        self.faults = faults
        self.wrongTargets = wrongTargets
        self.secondFleet = secondFleet
        self.fullTarget = fullTarget
        self.pageSize = pageSize
        self.digest = digest
        self.looks = looks
        self.pause = pause
    }
}
