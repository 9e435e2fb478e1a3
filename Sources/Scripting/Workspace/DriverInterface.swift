/// What a fleet may say to a driver: its name and the keys of `target` that it reads.
package struct DriverInterface: Hashable, Sendable {
    package let name: String
    /// Sorted.
    package let config: [String]

    package init(name: String, config: [String]) {
        self.name = name
        self.config = config.sorted()
    }

    /// The simulated fleet.
    ///
    /// It is built in, and takes its behaviour from the scenario it is run in, not from the fleet.
    package static let simulated = DriverInterface(name: "simulated", config: [])
}
