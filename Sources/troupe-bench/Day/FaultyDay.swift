import Control
import Domain
import Drivers
import Foundation
import KPIStore
import Scripting
import Simulation
import StateStore
import Workers

/// A whole Troupe but for the network, a minute at a time, while all goes wrong.
final class FaultyDay {
    /// Two for the policies, and one for the driver once it was called.
    static let processes = 3

    private let clock = BenchClock(Timestamp(milliseconds: 1_772_452_800_000))
    private let path: ScratchFolder
    private let kpis: KPIStore
    private let rollups: RollupEngine
    private let store: StateStore
    private let workers: WorkerPool
    private let driverWorkers: DriverWorkers
    private let services: HostServices
    private let odd: FaultyDrivers
    private let control: LiveControl
    private let upkeep: StoreUpkeep
    private let key = LogKey(bytes: Data(repeating: 7, count: 32))
    private let series: [SeriesID]
    private var random: SeededGenerator
    private var minutes = 0
    private var counts = Counts()
    private var broken: [String] = []

    /// What went wrong, on purpose.
    struct Counts {
        var kills = 0
        var others = 0
        var held = 0
        var lifted = 0
        var blind = 0
        var most = 0
    }

    init(_ path: ScratchFolder, seed: UInt64) async throws {
        self.path = path
        random = SeededGenerator(seed: seed)
        try DayWorkspace.write(to: path.file("workspace"))
        let clock = clock
        workers = try WorkerPool(configuration: WorkerPoolConfiguration(size: 2))
        driverWorkers = DriverWorkers()
        services = HostServices(
            folder: URL(filePath: path.file("state")),
            secrets: SecretSource(folder: nil, environment: [:]),
            now: { clock.now }
        )
        odd = FaultyDrivers(
            SimulatedDrivers(clock: clock, seed: 7) { _, persona in
                PersonaBehaviour(
                    persona: persona.name,
                    startup: .seconds(90),
                    spread: 0.6,
                    draining: .seconds(40),
                    failing: 0.15,
                    timeout: .minutes(5),
                    retries: 0
                )
            },
            clock: clock,
            seed: 11
        )
        var rules = PluginDriverRules()
        // Real time, of which a day has little here.
        (rules.describeTime, rules.changeTime, rules.precheckTime) = (
            .milliseconds(500), .seconds(1), .milliseconds(500)
        )
        rules.pause = { _ in }
        let folder = URL(filePath: path.file("workspace"))
        let granted = try await Workspace.loadPlugins(folder: folder, workers: workers).flatMap(\.needs.lines)
        let plugins = PluginDrivers(
            builtIn: odd,
            services: services,
            workers: driverWorkers,
            rules: rules,
            grants: { _ in granted }
        )
        store = try StateStore(path: path.file("state.db"))
        kpis = try KPIStore(path: path.file("kpi.db"))
        let directory = PersonaDirectory()
        rollups = RollupEngine(kpis, personaOf: directory.source)
        var settings = ControlSettings()
        settings.watch = nil
        control = LiveControl(
            ControlParts(
                store: store,
                readings: rollups,
                directory: directory,
                workers: workers,
                drivers: plugins,
                clock: clock,
                folder: folder,
                settings: settings
            )
        )
        upkeep = StoreUpkeep(
            kpis: kpis,
            rollups: rollups,
            state: store,
            log: DecisionLog(store, key: key),
            clock: clock
        )
        series = try kpis.intern(
            ["shop", "depot"].map { SeriesKey("request_rate", labels: [Setting(name: "fleet", value: $0)]) }
        )
        try await control.start()
        odd.set(FaultyDrivers.Faults(failing: 0.1, losing: 0.1, lying: 0.1, lag: .seconds(30)))
    }

    /// One minute passes.
    func pass(_ minute: Int) async throws {
        minutes += 1
        clock.advance(to: clock.now + .minutes(1))
        try report(minute)
        if minute / 60 % 6 == 5, random.next() % 8 == 0 { meddle(minute) }
        let killer = random.next() % 6 == 0 ? killSoon() : nil
        await control.step()
        killer?.wait()
        await upkeep.sealNow()
        upkeep.tend(compacts: minute % 5 == 0, prunes: minute % 60 == 0)
        try look()
        if try await control.overrides(of: "shop").contains(where: \.isContention) {
            counts.held += 1
            if minute % 60 == 59 { _ = try await control.resume(fleet: "shop", by: "ada") }
        }
        // What a person on call does about it.
        if minute % 10 == 9 { try await lift() }
    }

    /// A wave, spikes, and at times nothing at all.
    private func report(_ minute: Int) throws {
        let wave = 2000 + 1500 * sin(Double(minute) / 120)
        var batch = SampleBatch()
        for (index, id) in series.enumerated() {
            let spike = random.next() % 97 == 0 ? 4000.0 : 0
            if random.next() % 50 == 0 {
                counts.blind += 1
                continue
            }
            batch.append(id, at: clock.now, value: wave / Double(index + 1) + spike)
        }
        try kpis.append(batch)
        rollups.ingest(batch)
        control.noteArrival(fleets: ["shop", "depot"], at: clock.now)
    }

    /// Another controller, which has its own mind for some hours.
    private func meddle(_ minute: Int) {
        guard let world = odd.inner.driver(of: "shop") else { return }
        counts.others += 1
        let takes = random.next() % 2 == 0
        world.now { fleet in
            let ready = fleet.resources().filter { $0.state == .ready }.map(\.id)
            if takes, ready.count > 6 {
                _ = fleet.retire(Array(ready.prefix(3)), key: "other \(minute)")
            } else if fleet.ready + fleet.starting < DayWorkspace.most - 5 {
                _ = fleet.provision(count: 3, persona: "web", key: "other \(minute)")
            }
        }
    }

    /// Kills a worker, of a policy or of a driver, within the next moments.
    private func killSoon() -> WorkerThreads {
        counts.kills += 1
        let wait = UInt32(random.next() % 20_000)
        let place = Int(random.next() % 1000)
        return WorkerThreads(1) {
            usleep(wait)
            let workers = ProcessTable.children(of: getpid()).filter(ProcessTable.isThere)
            if !workers.isEmpty { kill(workers[place % workers.count], SIGKILL) }
        }
    }

    /// What the plugin's fleet really is.
    private func look() throws {
        let file = services.stateFolder(plugin: "odd", fleet: "depot").appending(path: "fleet.json").path
        guard let data = FileManager.default.contents(atPath: file) else { return }
        let count = try JSONDecoder().decode(World.self, from: data).list.count
        counts.most = max(counts.most, count)
        if count > DayWorkspace.most {
            broken.append("\(clock.now): depot has \(count) of at most \(DayWorkspace.most)")
        }
        if counts.most >= DayWorkspace.least, count < DayWorkspace.least {
            broken.append("\(clock.now): depot has \(count) of at least \(DayWorkspace.least)")
        }
    }

    private struct World: Decodable {
        struct Member: Decodable { var id: String }
        var list: [Member]
    }

    /// How depot's driver fares; shop's is built in.
    private var plugin: DriverHealth? { control.driverHealth.first }

    private func lift() async throws {
        for script in workers.health.quarantined {
            counts.lifted += 1
            workers.lift(script: script.script)
        }
        if plugin?.quarantined != nil {
            counts.lifted += 1
            _ = try await control.liftDriver(of: "depot", by: "ada", reason: "the next hour")
        }
    }

    /// What must hold at the end of the day; what does not, a sentence each.
    func verdict() throws -> [String] {
        var faults = broken + odd.broken
        // Of an hour by the limit, and what was decided before it may be carried out ten minutes late.
        let retired = odd.retired
        for (index, first) in retired.enumerated() {
            let within = retired[index...].prefix { $0 - first < .minutes(50) }.count
            if within > DayWorkspace.most / 2 { faults.append("from \(first) on \(within) were retired in 50 min") }
        }
        // Whatever was begun has an end, but for what was begun in the last minutes.
        for open in try store.openActions() where clock.now - open.decided > .minutes(12) {
            faults.append("\(open.key) is still \(open.state.rawValue)")
        }
        // A day on which nothing goes wrong proves nothing.
        let compensated = try store.actions(ActionSelection(states: [.compensated])).count
        if counts.kills == 0 || workers.health.deaths == 0 || counts.others == 0 || counts.held == 0 || compensated == 0
        {
            faults.append("it was no day of faults: \(counts), \(compensated) actions failed")
        }
        for fleet in ["shop", "depot"] {
            let decisions = try store.decisions(
                of: fleet,
                from: Timestamp(milliseconds: 0),
                to: Timestamp(milliseconds: .max),
                limit: 100_000,
                latest: true
            )
            for wild in decisions where wild.target > DayWorkspace.most && wild.target > wild.current {
                faults.append("\(wild.at): \(fleet) was to be \(wild.target)")
            }
            // It is held for a while now and then, and no more than that.
            if decisions.count < minutes / 2 { faults.append("\(fleet) was decided \(decisions.count) times only") }
        }
        let report = try DecisionLog(store, key: key).verify()
        faults += report.faults.map(\.message)
        return faults
    }

    /// How the day was, for a person.
    func lines() throws -> [String] {
        let states = Dictionary(grouping: try store.actions(ActionSelection()), by: \.state).mapValues(\.count)
        let (health, plugin) = (workers.health, plugin)
        return [
            "faults    \(counts.kills) workers killed, \(counts.others) changes by others, \(counts.held) minutes held, "
                + "\(counts.blind) readings missing, \(counts.lifted) quarantines lifted",
            "policies  \(health.evaluations) runs, \(health.failures) failed, \(health.deaths) workers died, "
                + "\(health.kills) were killed by the pool, \(health.respawns) started anew",
            "plugin    \(plugin?.calls ?? 0) calls, \(plugin?.failures ?? 0) failed",
            "actions   \(states.values.reduce(0, +)): \(states[.verified] ?? 0) verified, \(states[.compensated] ?? 0) compensated",
        ]
    }

    func shutdown() async {
        workers.shutdown()
        driverWorkers.shutdown()
        await services.shutdown()
    }
}
