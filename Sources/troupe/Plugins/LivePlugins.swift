import Domain
import Drivers
import Foundation

/// The plugin host over one data folder: its workers, its connections, its state and secrets.
struct LivePlugins {
    let services: HostServices
    let workers = DriverWorkers()

    init(
        data: DataFolder,
        now: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (PluginLogLine) -> Void = { _ in }
    ) {
        services = HostServices(
            folder: URL(fileURLWithPath: data.path).appending(path: "plugins"),
            secrets: SecretSource(folder: data.secrets),
            now: now,
            log: log
        )
    }

    /// Drivers of plugins, beside those that are built in.
    func drivers(
        beside builtIn: any DriverDirectory,
        patience: PluginDriverRules = PluginDriverRules(),
        grants: @escaping PluginDrivers.Grants
    ) -> PluginDrivers {
        PluginDrivers(builtIn: builtIn, services: services, workers: workers, rules: patience, grants: grants)
    }

    func shutdown() async {
        await services.shutdown()
        workers.shutdown()
    }
}

extension DataFolder {
    /// One file for each secret of a driver, named like it, for the owner's eyes alone.
    var secrets: URL { URL(fileURLWithPath: path).appending(path: "secrets") }
}
