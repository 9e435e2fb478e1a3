package import Domain
package import Scripting

/// The drivers of a running Troupe: those that are built in, and the plugins of the workspace, each held until it is granted what it needs.
package struct PluginDrivers: DriverDirectory {
    /// What the operator granted a plugin, `PluginNeeds.lines`; nil where nothing ever was.
    package typealias Grants = @Sendable (_ plugin: String) throws -> [String]?

    private let builtIn: any DriverDirectory
    private let services: HostServices
    private let workers: DriverWorkers
    private let grants: Grants
    private let rules: PluginDriverRules

    package init(
        builtIn: any DriverDirectory,
        services: HostServices,
        workers: DriverWorkers,
        rules: PluginDriverRules = PluginDriverRules(),
        grants: @escaping Grants
    ) {
        self.builtIn = builtIn
        self.services = services
        self.workers = workers
        self.rules = rules
        self.grants = grants
    }

    package var interfaces: [DriverInterface] { builtIn.interfaces }

    package func driver(
        for fleet: Fleet,
        personas: [Persona],
        plugin: Plugin?,
        ready: Int?,
        current: (any FleetDriver)?
    ) throws(DriverError) -> any FleetDriver {
        guard let plugin else {
            return try builtIn.driver(for: fleet, personas: personas, plugin: nil, ready: ready, current: current)
        }
        // One that did not change keeps what is known of it, its breaker too.
        if let current = current as? GrantedDriver, current.driver.plugin == plugin,
            current.driver.target == fleet.target, current.driver.personas == personas
        {
            return current
        }
        let driver = PluginDriver(
            plugin: plugin,
            fleet: fleet.name,
            target: fleet.target,
            personas: personas,
            services: services,
            workers: workers,
            rules: rules
        )
        return GrantedDriver(driver: driver, grants: grants)
    }

    package func forget(fleets: [String]) { builtIn.forget(fleets: fleets) }
}

/// Lets a plugin act only with the operator's grant, which is asked for at each call: a grant holds, and is withdrawn, at once.
package struct GrantedDriver: FleetDriver {
    let driver: PluginDriver
    let grants: PluginDrivers.Grants

    /// What a plugin needs beyond what it was granted.
    package static func missing(_ plugin: Plugin, granted: [String]?) -> [String] {
        plugin.needs.lines.filter { !(granted ?? []).contains($0) }
    }

    private func check() throws(DriverError) {
        let plugin = driver.plugin
        let granted: [String]?
        do {
            granted = try grants(plugin.name)
        } catch {
            throw DriverError(.unavailable, driver: plugin.name, "its grant cannot be read: \(error)")
        }
        let missing = Self.missing(plugin, granted: granted)
        guard !missing.isEmpty || granted == nil else { return }
        let what = granted == nil ? "it is not granted what it needs" : "it needs more than it was granted"
        let list = missing.isEmpty ? "" : " (\(missing.joined(separator: "; ")))"
        throw DriverError(
            .notGranted,
            driver: plugin.name,
            "\(what)\(list). Look at it and run `troupe plugin grant \(plugin.name)`."
        )
    }

    package func describe() async throws(DriverError) -> [DescribedResource] {
        try check()
        return try await driver.describe()
    }

    package func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        try check()
        return try await driver.provision(request)
    }

    package func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        try check()
        return try await driver.retire(request)
    }

    package func configure(_ request: ConfigureRequest) async throws(DriverError) {
        try check()
        return try await driver.configure(request)
    }

    package func precheck(_ plan: PrecheckPlan) async throws(DriverError) -> [String] {
        try check()
        return try await driver.precheck(plan)
    }

    package var health: DriverHealth? { driver.health }
    package func lift() -> Bool { driver.lift() }
}
