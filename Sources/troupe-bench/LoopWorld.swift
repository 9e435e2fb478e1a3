import Control
import Domain
import Foundation
import KPIStore
import Scripting
import Simulation
import StateStore
import Synchronization
import Workers

/// A loop over many simulated fleets, on real files and with real workers.
final class LoopWorld: Sendable {
    let clock: any LoopClock
    let kpis: KPIStore
    let rollups: RollupEngine
    let state: StateStore
    let control: LiveControl
    let fleets: [Fleet]
    let workers: WorkerPool
    private let ids: [SeriesID]
    private let counts: Counts

    /// What the loop has told, counted.
    final class Counts: Sendable {
        private let state = Mutex((decided: 0, trained: 0, troubles: [String]()))

        var decided: Int { state.withLock { $0.decided } }
        var trained: Int { state.withLock { $0.trained } }
        var troubles: [String] { state.withLock { $0.troubles } }

        func take(_ event: ControlEvent) {
            state.withLock { state in
                switch event {
                case .decided: state.decided += 1
                case .trained: state.trained += 1
                case .trouble(let what), .driverFailed(_, let what), .notRecorded(_, let what):
                    if state.troubles.count < 5 { state.troubles.append(what) }
                default: break
                }
            }
        }
    }

    var decided: Int { counts.decided }
    var trained: Int { counts.trained }
    var troubles: [String] { counts.troubles }

    /// - Parameter tell: is told what the loop tells, too.
    init(
        fleets count: Int,
        grid: TimeSpan,
        folder: ScratchFolder,
        clock: any LoopClock,
        tell: @escaping @Sendable (ControlEvent) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        let directory = PersonaDirectory()
        let workers = try WorkerPool(configuration: WorkerPoolConfiguration(size: 2, queueLimit: 100_000))
        self.workers = workers
        kpis = try KPIStore(path: folder.file("kpi.db"))
        state = try StateStore(path: folder.file("state.db"))
        rollups = RollupEngine(kpis, personaOf: directory.source)
        let counts = Counts()
        self.counts = counts
        control = LiveControl(
            ControlParts(
                store: state,
                readings: rollups,
                directory: directory,
                workers: workers,
                drivers: SimulatedDrivers(clock: clock),
                clock: clock,
                folder: nil,
                report: { event in
                    counts.take(event)
                    tell(event)
                }
            )
        )
        let root = folder.file("workspace")
        for (path, text) in Self.scripts(grid: grid) {
            let file = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let one = try await Workspace.load(folder: URL(filePath: root), workers: workers)
        guard let model = one.fleets.first else { throw BenchFailure("the benchmark's workspace has no fleet") }
        fleets = (0..<count)
            .map { index in
                var fleet = model
                fleet.name = "fleet-\(index)"
                return fleet
            }
        try await control.start(
            with: Workspace(personas: one.personas, fleets: fleets, policies: one.policies, modules: one.modules)
        )
        ids = try kpis.intern(
            fleets.map { SeriesKey("request_rate", labels: [Setting(name: "fleet", value: $0.name)]) }
        )
    }

    /// One reading of each fleet's demand, stored, rolled up and told.
    func report(_ demand: (Int) -> Double) throws {
        let batchSize = 2000
        for first in stride(from: 0, to: fleets.count, by: batchSize) {
            var batch = SampleBatch()
            let range = first..<min(first + batchSize, fleets.count)
            for index in range { batch.append(ids[index], at: clock.now, value: demand(index)) }
            try kpis.append(batch)
            rollups.ingest(batch)
            control.noteArrival(fleets: Set(fleets[range].map(\.name)), at: clock.now)
        }
    }

    /// One reading of one fleet's demand.
    ///
    /// - Returns: an instant just before it could be seen: decisions from then on know it.
    func report(_ demand: Double, of index: Int) throws -> Timestamp {
        var batch = SampleBatch()
        batch.append(ids[index], at: clock.now, value: demand)
        try kpis.append(batch)
        let stored = clock.now
        defer { control.noteArrival(fleets: [fleets[index].name], at: clock.now) }
        rollups.ingest(batch)
        return stored
    }

    /// The demand of a fleet: its own level, day and noise.
    func demand(of index: Int, at time: Timestamp) -> Double {
        let hours = Double(time.milliseconds % 86_400_000) / 3_600_000
        let level = 200 + Double(index % 97) * 20
        var noise = SplitMix(seed: UInt64(truncatingIfNeeded: time.milliseconds &* 31 &+ Int64(index)))
        let jitter = Double(noise.next() >> 11) / Double(1 << 53) - 0.5
        return level * (1 + 0.5 * sin((hours + Double(index % 24)) / 24 * 2 * .pi) + 0.1 * jitter)
    }

    private static func scripts(grid: TimeSpan) -> [String: String] {
        [
            "policies/personas/web.lua": """
            return persona {
              name = "web",
              capacity = { request_rate = 100 },
              kpis = { latency_ms = { objective = "< 250" } },
              cost = { per_hour = 1, shortfall = 20 },
            }
            """,
            "policies/scaling/trend.lua": """
            local policy = { name = "trend" }
            function policy.propose(ctx)
              local expected = ctx.forecast:at("10m", 0.75)
              return at_least(ctx.resources_for(expected), "what ten minutes from now likely takes")
            end
            return policy
            """,
            "policies/scaling/recent.lua": """
            local policy = { name = "recent" }
            function policy.propose(ctx)
              local demand = ctx.demand
              if demand.status ~= "ok" then return hold("demand is " .. demand.status, "in") end
              return at_least(ctx.resources_for(demand:mean("15m")), "what the last quarter of an hour took")
            end
            return policy
            """,
            "policies/fleets/fleet.lua": """
            return fleet {
              name = "fleet", driver = "simulated", personas = { "web" }, policies = { "trend", "recent" },
              demand = "request_rate", grid = "\(grid.milliseconds / 1000)s",
              limits = { min = 2, max = 200, step_up = "100%/1m", settle = "5m" },
              mode = "act",
            }
            """,
        ]
    }
}

/// Why a benchmark cannot be run.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Time that only the benchmark moves. Nobody sleeps by it.
final class BenchClock: LoopClock {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    var now: Timestamp { time.withLock { $0 } }

    func advance(to now: Timestamp) { time.withLock { $0 = max($0, now) } }

    func sleep(until time: Timestamp) async throws {
        while now < time { try await Task.sleep(for: .milliseconds(5)) }
    }
}
