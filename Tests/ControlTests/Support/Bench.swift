import Control
import Decision
import Domain
import Drivers
import Foundation
import KPIStore
import Scripting
import Simulation
import StateStore
import TestSupport
import Workers

/// A whole Troupe but for the network: real SQLite files, real workers, a clock that stands, and simulated fleets.
///
/// It is a class so that a test may let go of it as a kill would: nothing is closed, the files are as they are.
final class Bench {
    let data: TemporaryFolder
    let workspace: TemporaryFolder
    let clock: ManualClock
    let store: StateStore
    let kpis: KPIStore
    let drivers: SimulatedDrivers
    let directory = PersonaDirectory()
    let rollups: RollupEngine
    let control: LiveControl
    let events = EventLog()
    private let ids: any DriverDirectory

    /// - Parameters:
    ///   - files: of the workspace, in place of those of `sound`; nil removes one.
    ///   - before: whose files to open again, as after a kill.
    ///   - own: where it matters that no other Troupe has the same workers.
    init(
        _ files: [String: String?] = [:],
        after before: Bench? = nil,
        behaviour: PersonaBehaviour? = nil,
        clock other: ManualClock? = nil,
        drivers odd: (any DriverDirectory)? = nil,
        workers own: WorkerPool? = nil,
        settings: ControlSettings = ControlSettings()
    ) throws {
        data = try before?.data ?? TemporaryFolder()
        workspace = try before?.workspace ?? TemporaryFolder()
        clock = before?.clock ?? other ?? ManualClock()
        if before == nil {
            for (path, text) in Self.sound { try Self.write(path, text, in: workspace) }
        }
        for (path, text) in files { try Self.write(path, text, in: workspace) }
        store = try StateStore(path: data.file("state.db"))
        kpis = try before?.kpis ?? KPIStore(path: data.file("kpi.db"))
        drivers =
            before?.drivers
            ?? SimulatedDrivers(clock: clock) { _, persona in
                var own = behaviour ?? .exact("", lead: .seconds(90))
                own.persona = persona.name
                return own
            }
        ids = odd ?? drivers
        let events = events
        rollups = RollupEngine(kpis, personaOf: directory.source)
        control = LiveControl(
            ControlParts(
                store: store,
                readings: rollups,
                directory: directory,
                workers: try own ?? Self.workers.get(),
                drivers: ids,
                clock: clock,
                folder: URL(filePath: workspace.path),
                settings: settings,
                report: { events.take($0) }
            )
        )
    }

    /// The same data, opened by another process after this one was killed: nothing is closed.
    func killed(_ files: [String: String?] = [:], drivers odd: (any DriverDirectory)? = nil) throws -> Bench {
        try Bench(files, after: self, drivers: odd)
    }

    static let workers = Result { () throws(WorkerPoolError) in try WorkerPool() }

    static func write(_ path: String, _ text: String?, in folder: TemporaryFolder) throws {
        guard let text else { return try FileManager.default.removeItem(atPath: folder.file(path)) }
        try folder.write(path, text)
    }

    var sink: StoreSink {
        let (control, rollups) = (control, rollups)
        return StoreSink(
            store: kpis,
            roll: { rollups.ingest($0) },
            arrived: { control.noteArrival(fleets: $0, at: $1) }
        )
    }

    // MARK: Its world

    func report(
        _ kpi: String,
        _ value: Double,
        fleet: String = "shop",
        instance: String? = nil,
        at time: Timestamp? = nil
    ) throws {
        var labels = [Setting(name: "fleet", value: fleet)]
        if let instance { labels.append(Setting(name: "instance", value: instance)) }
        let sample = Sample(at: time ?? clock.now, value: value)
        try sink.take([FleetReading(fleet: fleet, key: SeriesKey(kpi, labels: labels), sample: sample)])
    }

    /// Time passes in parts, with the same demand reported at each, and everything that is due is done.
    func run(_ span: TimeSpan, demand: Double?, fleet: String = "shop", every: TimeSpan = .seconds(15)) async throws {
        let end = clock.now + span
        while clock.now < end {
            clock.advance(min(every, end - clock.now))
            if let demand { try report("request_rate", demand, fleet: fleet) }
            await control.step()
            try rollups.maintain(at: clock.now)
        }
    }

    func world(_ fleet: String = "shop") throws -> SimulatedDriver {
        guard let driver = drivers.driver(of: fleet) else { throw MissingFleet(name: fleet) }
        return driver
    }

    struct MissingFleet: Error { var name: String }

    func decisions(_ fleet: String = "shop") throws -> [StoredDecision] {
        try store.decisions(
            of: fleet,
            from: Timestamp(milliseconds: 0),
            to: Timestamp(milliseconds: .max),
            limit: 100_000,
            latest: true
        )
    }

    /// The files of the workspace that is in its folder.
    var uploaded: [WorkspaceFile] { Self.sound.map { WorkspaceFile(path: $0.key, text: $0.value) } }

    // MARK: Its workspace

    static let sound = [
        "policies/personas/web.lua": web(),
        "policies/personas/safe.lua": """
        return persona {
          name = "safe",
          capacity = { request_rate = 50 },
          cost = { per_hour = 2, shortfall = 40 },
          templates = { ["/etc/app.conf"] = "mode=safe\\nid={{resource.id}}\\n" },
        }
        """,
        "policies/fleets/shop.lua": fleet("shop"),
        "policies/scaling/quiet.lua": """
        local policy = { name = "quiet" }
        function policy.propose(ctx) return nil end
        return policy
        """,
    ]

    static func web(capacity: Int = 100) -> String {
        """
        return persona {
          name = "web",
          capacity = { request_rate = \(capacity) },
          kpis = { latency_ms = { objective = "< 250" } },
          cost = { per_hour = 1, shortfall = 20 },
          startup = "90s",
          templates = { ["/etc/app.conf"] = "mode=web\\nid={{resource.id}}\\n" },
        }
        """
    }

    static func fleet(_ name: String, policies: String = "\"quiet\"", mode: String = "act", extra: String = "")
        -> String
    {
        """
        return fleet {
          name = "\(name)", driver = "simulated",
          personas = { "web", "safe" }, policies = { \(policies) },
          demand = "request_rate",
          limits = { min = 2, max = 50 },
          mode = "\(mode)",
          \(extra)
        }
        """
    }
}
