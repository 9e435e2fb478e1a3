import Domain
import Drivers
import Foundation
import Server
import Workers

/// The plugin host over one data folder: its workers, its connections, its state and secrets.
struct LivePlugins {
    let services: HostServices
    let workers: DriverWorkers

    init(
        data: DataFolder,
        now: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (PluginLogLine) -> Void = { _ in },
        workerLog: @escaping @Sendable (WorkerPoolEvent) -> Void = { _ in }
    ) {
        workers = DriverWorkers(configuration: WorkerPoolConfiguration(log: workerLog))
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

extension [DriverHealth] {
    /// For `/metrics`.
    var gauges: [HealthGauge] {
        [
            HealthGauge(
                "troupe_driver_calls_total",
                help: "Calls of drivers that are plugins.",
                value: Double(reduce(0) { $0 + $1.calls }),
                isCounter: true
            ),
            HealthGauge(
                "troupe_driver_failures_total",
                help: "Calls of drivers that failed.",
                value: Double(reduce(0) { $0 + $1.failures }),
                isCounter: true
            ),
            HealthGauge(
                "troupe_driver_breakers_open",
                help: "Fleets whose driver failed again and again and is left alone for a while.",
                value: Double(count { $0.breaker != .closed })
            ),
            HealthGauge(
                "troupe_drivers_quarantined",
                help: "Fleets whose driver broke the rules again and again and is not called any more.",
                value: Double(count { $0.quarantined != nil })
            ),
        ]
    }
}
