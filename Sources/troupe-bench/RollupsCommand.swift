import ArgumentParser
import Domain
import Foundation
import KPIStore

struct RollupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollups",
        abstract: "Feeds the load of agents to the rollups: cost per sample, of a window, of a start.",
        discussion: """
            Prints what `ingest` costs a sample, what a window of an hour in steps of a minute costs, how long a start takes that
            makes the open steps from samples, and bytes in memory and on disk. --fleets: 10000 is the size that must be held.
            """
    )

    @Option(help: "Time series, eight to a resource, a hundred resources to a fleet.")
    var series = 4000
    @Option(help: "Samples of each series, one each ten seconds.")
    var points = 720
    @Option(help: "Also hold this many fleets of one resource and three KPIs, for --hours.")
    var fleets = 0
    @Option(help: "Hours of one-minute steps that these fleets go through.")
    var hours = 24

    func run() throws {
        try measureLoad()
        if fleets > 0 { try measureFleets() }
    }

    private func measureLoad() throws {
        let scratch = try ScratchFolder(nil)
        let load = AgentLoad(series: series, points: points)
        let definitions = (0...(series - 1) / 800)
            .flatMap { fleet in
                AgentLoad.kpis.map { kpi in
                    RollupDefinition(
                        fleet: "fleet-\(fleet)",
                        kpi: kpi,
                        metric: kpi,
                        matchers: [.equal(label: "fleet", value: "fleet-\(fleet)")],
                        isCounter: kpi.hasSuffix("_total")
                    )
                }
            }
        let end = Timestamp(milliseconds: load.time(points - 1))
        let store = try KPIStore(path: scratch.file("kpi.db"))
        var configuration = RollupEngine.Configuration()
        // Two hours of samples come in a second here, and none of them is of a future that must wait.
        configuration.lead = .hours(24)
        let engine = RollupEngine(store, configuration: configuration, personaOf: Self.personaOf)
        try engine.configure(definitions, at: Timestamp(milliseconds: load.start))
        let batches = try IngestBatches(load, ids: try store.intern(load.keys), size: 2000)
        for index in 0..<batches.count { try store.append(batches[index]) }
        engine.ingest(batches[0])
        let (_, seconds) = Figure.timed { for index in 1..<batches.count { engine.ingest(batches[index]) } }
        print(
            "ingest      \(Figure.seconds(seconds / Double(series * points))) per sample, \(engine.marked) steps marked"
        )

        let newest = end.milliseconds / 60_000 * 60_000
        let grid = try WindowGrid(
            from: Timestamp(milliseconds: newest - 59 * 60_000),
            to: Timestamp(milliseconds: newest + 60_000),
            step: .minutes(1)
        )
        for (name, aggregate) in [
            ("mean", RollupAggregate.mean), ("sum", .sum), ("max", .max), ("p99", .quantile(0.99)),
        ] {
            let rounds = 2000
            let (_, seconds) = try Figure.timed {
                for _ in 0..<rounds {
                    _ = try engine.window(fleet: "fleet-0", kpi: "request_latency_p99_ms", aggregate, on: grid)
                }
            }
            print(
                "window      \(Figure.seconds(seconds / Double(rounds))) for \(name) of 60 steps, 100 resources, 2 personas"
            )
        }
        try engine.maintain(at: Timestamp(milliseconds: load.start))
        let again = RollupEngine(store, personaOf: Self.personaOf)
        let (_, starting) = try Figure.timed { try again.configure(definitions, at: end) }
        print("start       \(Figure.seconds(starting)) from \(series * points) samples of \(series) series in the log")
        try store.compact(upTo: Timestamp(milliseconds: .max))
        let compacted = RollupEngine(store, personaOf: Self.personaOf)
        let (_, restarting) = try Figure.timed { try compacted.configure(definitions, at: end) }
        print("start       \(Figure.seconds(restarting)) from chunks")
        let (report, maintaining) = try Figure.timed { try compacted.maintain(at: end + .hours(2)) }
        print("maintain    \(Figure.seconds(maintaining)) to store \(report.stored) blocks of 60 steps")
    }

    /// A day in the life of many small fleets: what stays in memory, what goes to disk.
    private func measureFleets() throws {
        let scratch = try ScratchFolder(nil)
        let store = try KPIStore(path: scratch.file("kpi.db"))
        let engine = RollupEngine(store, personaOf: Self.personaOf)
        let kpis = ["request_rate", "request_latency_p99_ms", "cpu_utilization"]
        var definitions: [RollupDefinition] = []
        var keys: [SeriesKey] = []
        for fleet in 0..<fleets {
            for kpi in kpis {
                definitions.append(
                    RollupDefinition(
                        fleet: "fleet-\(fleet)",
                        kpi: kpi,
                        metric: kpi,
                        matchers: [.equal(label: "fleet", value: "fleet-\(fleet)")]
                    )
                )
                keys.append(
                    SeriesKey(
                        kpi,
                        labels: [
                            Setting(name: "fleet", value: "fleet-\(fleet)"),
                            Setting(name: "instance", value: "web-\(fleet)"),
                        ]
                    )
                )
            }
        }
        let start: Int64 = 1_700_000_000_000 / 3_600_000 * 3_600_000
        let ids = try store.intern(keys)
        try engine.configure(definitions, at: Timestamp(milliseconds: start))
        let before = ProcessMemory.resident
        var random = SplitMix(seed: 3)
        var feeding = 0.0
        var upkeep = 0.0
        var batch = SampleBatch()
        for minute in 0..<hours * 60 {
            batch.removeAll()
            for id in ids {
                let value = (100 + random.normal(deviation: 10)).rounded()
                batch.append(id, at: start + Int64(minute) * 60_000, value: value)
            }
            feeding += Figure.timed { engine.ingest(batch) }.1
            guard minute % 60 == 59 else { continue }
            upkeep +=
                try Figure.timed {
                    try engine.maintain(at: Timestamp(milliseconds: start + Int64(minute + 1) * 60_000))
                }
                .1
        }
        let steps = fleets * kpis.count * hours * 60
        print("\(fleets) fleets x \(kpis.count) KPIs x \(hours * 60) steps: \(steps) steps, one sample each")
        print(
            "  ingest    \(Figure.seconds(feeding / Double(steps))) per sample; maintain \(Figure.seconds(upkeep / Double(hours))) per hour"
        )
        print("  memory    \((ProcessMemory.resident - before) / 1_000_000) MB")
        try store.checkpoint()
        let bytes = try store.statistics().fileBytes
        print("  disk      \(bytes / 1_000_000) MB, \(Figure.decimals(Double(bytes) / Double(steps), 1)) bytes a step")
        let end = start + Int64(hours) * 3_600_000
        let grid = try WindowGrid(
            from: Timestamp(milliseconds: start),
            to: Timestamp(milliseconds: end),
            step: .minutes(1)
        )
        let rounds = 200
        let (found, seconds) = try Figure.timed {
            var found = 0
            for fleet in 0..<rounds {
                found += try engine.window(fleet: "fleet-\(fleet % fleets)", kpi: "request_rate", .sum, on: grid)
                    .count { !$0.isNaN }
            }
            return found
        }
        guard found == rounds * hours * 60 else { throw ValidationError("\(found) steps are there, not all") }
        print("  window    \(Figure.seconds(seconds / Double(rounds))) for all \(hours) hours, from disk and memory")
    }

    /// Every third resource is in the background.
    private static let personaOf: PersonaSpan.Source = { _, resource, _ in
        PersonaSpan((resource.utf8.last ?? 0) % 3 == 0 ? "background-task" : "low-latency")
    }
}
