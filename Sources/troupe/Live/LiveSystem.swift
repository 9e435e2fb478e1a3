import Control
import Domain
import Drivers
import Foundation
import KPIStore
import Logging
import Server
import ServiceLifecycle
import Simulation
import StateStore
import Synchronization
import UnixSignals
import Workers

/// A running Troupe, put together: stores, rollups, workers, drivers, loop and server over one data folder.
struct LiveSystem {
    let data: DataFolder
    let clock: any LoopClock
    let logger: Logger
    let kpis: KPIStore
    let state: StateStore
    let rollups: RollupEngine
    let workers: WorkerPool
    let drivers: SimulatedDrivers
    let plugins: LivePlugins
    let control: LiveControl
    let upkeep: StoreUpkeep

    /// Opens everything; nothing runs yet. Blocks.
    ///
    /// - Parameters:
    ///   - allowsNoFilter: runs scripts also where the kernel gives workers no filter of system calls.
    ///   - report: is told what the log is told.
    init(
        data: DataFolder,
        workspace: URL?,
        clock: any LoopClock,
        settings: ControlSettings = ControlSettings(),
        retention: StoreUpkeep.Retention = StoreUpkeep.Retention(),
        allowsNoFilter: Bool = false,
        logger: Logger,
        report: @escaping @Sendable (ControlEvent) -> Void = { _ in }
    ) throws {
        try data.create()
        let log = ControlLog(logger: logger)
        let directory = PersonaDirectory()
        self.data = data
        self.clock = clock
        self.logger = logger
        kpis = try KPIStore(path: data.kpis)
        state = try StateStore(path: data.state)
        rollups = RollupEngine(kpis, personaOf: directory.source)
        drivers = SimulatedDrivers(clock: clock)
        plugins = LivePlugins(
            data: data,
            now: { [clock] in clock.now },
            log: { log.take($0) },
            workerLog: { log.take($0) }
        )
        let pluginDrivers = plugins.drivers(beside: drivers) { [state] in try state.grant(of: $0)?.needs }
        let key = try LogKey.ensure(in: data.path)
        workers = try WorkerPool(
            configuration: WorkerPoolConfiguration(
                size: max(2, ProcessInfo.processInfo.activeProcessorCount),
                allowsNoFilter: allowsNoFilter,
                log: { log.take($0) }
            )
        )
        control = LiveControl(
            ControlParts(
                store: state,
                readings: rollups,
                directory: directory,
                workers: workers,
                drivers: pluginDrivers,
                clock: clock,
                folder: workspace,
                settings: settings,
                logKey: key,
                report: { event in
                    log.take(event)
                    report(event)
                }
            )
        )
        upkeep = StoreUpkeep(
            kpis: kpis,
            rollups: rollups,
            state: state,
            log: DecisionLog(state, key: key),
            clock: clock,
            retention: retention,
            failed: { logger.error("upkeep failed and is tried again", metadata: ["what": "\($0)"]) }
        )
    }

    /// Restores what was and loads the workspace.
    ///
    /// - Throws: every error of a workspace that does not load, where there is no earlier one to go on with.
    func start() async throws {
        await upkeep.sealNow()
        do {
            try await control.start()
        } catch {
            throw Failure(error.diagnostics.map(\.description) + [error.message])
        }
    }

    /// Decides and serves until one of `signals` comes, then ends what was begun.
    ///
    /// - Parameters:
    ///   - onListening: told the server's address once it listens.
    ///   - companions: run beside it, until the graceful shutdown.
    func run(
        _ configuration: ServerConfiguration,
        until signals: [UnixSignal],
        onListening: @escaping @Sendable (String) -> Void = { _ in },
        companions: [ServiceGroupConfiguration.ServiceConfiguration] = []
    ) async throws {
        signal(SIGPIPE, SIG_IGN)
        Self.raiseDescriptorLimit()
        let address = Mutex<String?>(nil)
        let server = try server(configuration) { url in
            address.withLock { $0 = url }
            onListening(url)
        }
        defer { if let url = address.withLock({ $0 }) { data.withdraw(url) } }
        var quiet = logger
        // The group's own lines say nothing that ours do not.
        quiet.logLevel = max(.warning, logger.logLevel)
        var group = ServiceGroupConfiguration(
            services: [.init(service: LoopService(control: control, upkeep: upkeep))] + companions
                + [.init(service: server)],
            gracefulShutdownSignals: signals,
            logger: quiet
        )
        // What does not end by itself is ended.
        group.maximumGracefulShutdownDuration = .seconds(30)
        try await ServiceGroup(configuration: group).run()
        await plugins.shutdown()
        await leaveInOrder()
        logger.notice("stopped")
    }

    /// No write-ahead log stays behind. What fails here costs nothing but room: the next start reads the log.
    private func leaveInOrder() async {
        let (kpis, state, logger) = (kpis, state, logger)
        let (path, now) = (data.path, clock.now)
        await withCheckedContinuation { done in
            // It waits for the disk, which the tasks' own threads must not.
            DispatchQueue.global()
                .async {
                    // What was decided since the last minute is sealed too.
                    do {
                        try DecisionLog(state, key: try LogKey(in: path)).seal(at: now)
                    } catch {
                        logger.warning("the end of the decision log is not sealed", metadata: ["why": "\(error)"])
                    }
                    for checkpoint in [{ try kpis.checkpoint() }, { try state.checkpoint() }] {
                        do {
                            try checkpoint()
                        } catch {
                            logger.warning("a write-ahead log stays behind", metadata: ["why": "\(error)"])
                        }
                    }
                    done.resume()
                }
        }
    }

    /// Each connection is a descriptor, and the usual soft limit is a thousand.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// The server over it; it tells the data folder where it listens.
    private func server(
        _ configuration: ServerConfiguration,
        onListening: @escaping @Sendable (String) -> Void
    ) throws -> TroupeServer {
        try FirstToken.ensure(in: data.path, store: state, now: clock.now)
        return try TroupeServer(
            parts: ServerParts(
                control: control,
                kpis: kpis,
                tokens: state,
                audit: state,
                arrivals: Rollups(engine: rollups),
                health: { [workers, control] in workers.gauges + control.driverHealth.gauges },
                now: { [clock] in clock.now },
                logger: logger
            ),
            configuration: configuration,
            onListening: { [data, logger] port in
                let url = configuration.url(port: port)
                do {
                    try data.publish(url)
                } catch {
                    logger.error("the command line will not find this server by itself", metadata: ["why": "\(error)"])
                }
                onListening(url)
            }
        )
    }

    /// Readings that the receiver stored go on to the rollups.
    private struct Rollups: ArrivalSink {
        let engine: RollupEngine

        func ingest(_ batch: SampleBatch) { engine.ingest(batch) }
    }
}

extension ServerConfiguration {
    /// Where a command on this machine reaches it.
    func url(port: Int) -> String {
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        let name = reachable.contains(":") ? "[\(reachable)]" : reachable
        return "\(tls == nil ? "http" : "https")://\(name):\(port)"
    }
}

extension WorkerPool {
    /// For `/metrics`.
    var gauges: [HealthGauge] {
        let health = health
        return [
            HealthGauge(
                "troupe_workers_alive",
                help: "Script workers that are alive.",
                value: Double(health.workers.count)
            ),
            HealthGauge(
                "troupe_worker_queue",
                help: "Evaluations that wait for a worker.",
                value: Double(health.queued)
            ),
            HealthGauge(
                "troupe_script_evaluations_total",
                help: "Scripts that were run.",
                value: Double(health.evaluations),
                isCounter: true
            ),
            HealthGauge(
                "troupe_script_failures_total",
                help: "Runs that ended in an error.",
                value: Double(health.failures),
                isCounter: true
            ),
            HealthGauge(
                "troupe_worker_kills_total",
                help: "Workers killed for what a script did.",
                value: Double(health.kills),
                isCounter: true
            ),
            HealthGauge(
                "troupe_scripts_quarantined",
                help: "Scripts that are not run any more.",
                value: Double(Set(health.quarantined.filter(\.isLatest).map(\.script)).count)
            ),
        ]
    }
}
