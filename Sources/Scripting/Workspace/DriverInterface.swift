/// What a fleet may say to a driver: its name and the keys of `target` that it reads.
package struct DriverInterface: Hashable, Sendable {
    package let name: String
    /// Sorted by name.
    package let keys: [ConfigKey]

    package init(name: String, keys: [ConfigKey]) {
        self.name = name
        self.keys = keys.sorted { $0.name < $1.name }
    }

    /// Of keys that all are texts and may all be left out.
    package init(name: String, config: [String]) {
        self.init(name: name, keys: config.map { ConfigKey($0, isRequired: false) })
    }

    /// The simulated fleet.
    ///
    /// It is built in, and takes its behaviour from the scenario it is run in, not from the fleet.
    package static let simulated = DriverInterface(name: "simulated", config: [])
}
