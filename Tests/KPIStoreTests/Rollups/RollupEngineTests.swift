import Domain
import Synchronization
import TestSupport
import Testing

@testable import KPIStore

struct RollupEngineTests {
    let start: Int64 = 1_700_000_000_000 / 3_600_000 * 3_600_000
    let rate = RollupDefinition(
        fleet: "shop",
        kpi: "request_rate",
        metric: "requests_total",
        matchers: [.equal(label: "fleet", value: "shop")],
        isCounter: true
    )

    @Test func aCounterIsARatePerSeries() throws {
        let (store, engine) = try make([rate])
        // 10/s and 30/s on two resources; the second is read twice as often, and begins anew in between.
        try append(store, engine, "a", [(0, 100), (20, 300), (40, 500)])
        try append(store, engine, "b", [(0, 0), (10, 300), (20, 600), (30, 300), (40, 600), (50, 900)])
        #expect(try window(engine, .mean, 1) == [170.0 / 7])
        #expect(try window(engine, .sum, 1) == [40])
        #expect(try window(engine, .count, 2) == [7, 0])
        #expect(try window(engine, .max, 2).map { $0.isNaN ? -1 : $0 } == [30, -1])
    }

    @Test func noRateAcrossASilence() throws {
        let (store, engine) = try make([rate])
        try append(
            store,
            engine,
            "a",
            [(0, 100), (301, 200), (310, 209), (320, Sample.staleMarker), (330, 500), (340, 510)]
        )
        #expect(try window(engine, .count, 6) == [0, 0, 0, 0, 0, 2])
        #expect(try window(engine, .sum, 6)[5] == 1)
    }

    @Test func ages() throws {
        let (store, engine) = try make([rate])
        #expect(engine.lastSample(fleet: "shop", kpi: "other") == nil)
        #expect(engine.lastSample(fleet: "shop", kpi: "request_rate")?.heard == nil)
        try append(store, engine, "a", [(0, 1), (20, 2), (30, .nan)])
        var last = try #require(engine.lastSample(fleet: "shop", kpi: "request_rate"))
        #expect(last.heard == at(30) && last.valued == at(20) && !last.hasEnded)
        try append(store, engine, "a", [(40, Sample.staleMarker)])
        last = try #require(engine.lastSample(fleet: "shop", kpi: "request_rate", persona: "p"))
        #expect(last.heard == at(40) && last.hasEnded)
        #expect(engine.lastSample(fleet: "shop", kpi: "request_rate", persona: "q")?.heard == nil)
    }

    @Test func windowsThatCannotBe() throws {
        let (_, engine) = try make([rate])
        for (from, step) in [(Int64(1), TimeSpan.minutes(1)), (0, .seconds(90)), (0, .seconds(30))] {
            let grid = try WindowGrid(
                from: Timestamp(milliseconds: start + from),
                to: Timestamp(milliseconds: start + from + 600_000),
                step: step
            )
            let error = #expect(throws: KPIStoreError.self) {
                try engine.window(fleet: "shop", kpi: "request_rate", .mean, on: grid)
            }
            #expect(error?.code == .invalid)
        }
        let grid = try WindowGrid(from: at(0), to: at(60), step: .minutes(1))
        let error = #expect(throws: KPIStoreError.self) {
            try engine.window(fleet: "shop", kpi: "none", .mean, on: grid)
        }
        #expect(error?.description.contains("fleet shop has no KPI none") == true)
    }

    @Test func aClockThatIsWrongWaits() throws {
        let (store, engine) = try make([rate])
        let gauge = RollupDefinition(fleet: "shop", kpi: "queue", metric: "requests_total")
        try engine.configure([rate, gauge], at: at(0))
        let ids = try store.intern([key("a")])
        var batch = SampleBatch()
        for time in [Int64.min, .max, -(1 << 53), start + 10_000_000, start] {
            batch.append(ids[0], at: time, value: 4)
        }
        try store.append(batch)
        engine.ingest(batch)
        try engine.maintain(at: at(0))
        #expect(try window(engine, .count, 1, "queue") == [1])
        #expect(engine.marked == 2)
        try engine.maintain(at: Timestamp(milliseconds: start + 10_000_000))
        #expect(engine.marked == 0)
        let grid = try WindowGrid(
            from: Timestamp(milliseconds: start + 9_960_000),
            to: Timestamp(milliseconds: start + 10_020_000),
            step: .minutes(1)
        )
        #expect(try engine.window(fleet: "shop", kpi: "queue", .mean, on: grid) == [4])
    }

    @Test func definitionsChangeWhileSamplesComeIn() throws {
        let (store, engine) = try make([rate])
        try append(store, engine, "a", [(0, 0), (20, 20), (40, 40)])
        let gauge = RollupDefinition(fleet: "shop", kpi: "level", metric: "requests_total")
        var other = gauge
        other.kpi = "request_rate"
        try engine.configure([rate, gauge], at: at(50))
        try append(store, engine, "a", [(50, 50)])
        try engine.maintain(at: at(50))
        #expect(try window(engine, .count, 1) == [3])
        #expect(try window(engine, .max, 1, "level") == [50])
        // Defined otherwise: nothing of before is taken for it. Of two of one name the later holds.
        try engine.configure([rate, other], at: at(50))
        try engine.maintain(at: at(50))
        #expect(try window(engine, .max, 1) == [50])
        #expect(throws: KPIStoreError.self) { try window(engine, .max, 1, "level") }
    }

    @Test func theOldIsRebuiltWhenAsked() throws {
        let store = try KPIStore.inMemory()
        try store.append((0..<600).map { Sample(at: at(Int64($0) * 60), value: Double($0)) }, to: key("a"))
        let gauge = RollupDefinition(fleet: "shop", kpi: "level", metric: "requests_total")
        let engine = RollupEngine(store) { _, _, _ in PersonaSpan("p") }
        try store.compact(upTo: Timestamp(milliseconds: .max))
        try engine.configure([gauge], at: at(36_000))
        #expect(try window(engine, .count, 600, "level").reduce(0, +) < 200)
        engine.rebuild(fleet: "shop", kpi: "level", from: at(0), until: at(36_000))
        try engine.maintain(at: at(36_000))
        #expect(try window(engine, .sum, 600, "level") == (0..<600).map(Double.init))
        try engine.prune(before: at(7200))
        #expect(try window(engine, .count, 600, "level").reduce(0, +) == 480)
    }

    /// Threads append and hand over, one maintains and compacts: in the end it is what a fresh engine makes of the samples.
    @Test func allAtOnce() async throws {
        let (store, engine) = try make([rate])
        try await withThrowingTaskGroup { group in
            for writer in 0..<3 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(writer))
                    for round in 0..<150 {
                        var samples: [(Int64, Double)] = []
                        for second in 0..<10 {
                            samples.append((Int64(round * 10 + second), Double(round * 40 + second)))
                        }
                        if round % 7 == 0 { samples.shuffle(using: &random) }
                        try append(store, engine, "w\(writer % 2)", samples)
                    }
                }
            }
            group.addTask {
                for round in 0..<40 {
                    try engine.maintain(at: at(Int64(round * 40)))
                    if round % 4 == 0 { try store.compact(upTo: Timestamp(milliseconds: .max)) }
                }
            }
            try await group.waitForAll()
        }
        try engine.maintain(at: at(1600))
        #expect(engine.marked == 0)
        let fresh = RollupEngine(store) { _, _, _ in PersonaSpan("p") }
        try fresh.configure([rate], at: at(0))
        for aggregate in [RollupAggregate.mean, .sum, .min, .max, .count, .quantile(0.5)] {
            let expected = try window(fresh, aggregate, 25)
            let found = try window(engine, aggregate, 25)
            for (a, b) in zip(expected, found) { #expect(abs(a - b) <= 1e-9 * abs(a) || a.isNaN && b.isNaN) }
        }
    }

    @Test func seriesThatWerePrunedAreForgotten() throws {
        let (store, engine) = try make([rate])
        try append(store, engine, "a", [(0, 0), (20, 20)])
        try append(store, engine, "b", [(0, 0), (20, 20), (7200, 20), (7210, 40)])
        try engine.maintain(at: at(7260))
        try store.compact(upTo: Timestamp(milliseconds: .max))
        try store.prune(before: at(3600))
        try engine.maintain(at: at(7260))
        #expect(engine.state.withLock { $0.groups[0].members.count } == 1)
        // What was read of it stays; a series of that name is a new one.
        #expect(try window(engine, .sum, 1) == [2])
        try append(store, engine, "a", [(7200, 5), (7210, 15)])
        #expect(try window(engine, .sum, 121)[120] == 3)
    }

    // MARK: Help

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: start + seconds * 1000) }

    private func key(_ instance: String) -> SeriesKey {
        SeriesKey(
            "requests_total",
            labels: [Setting(name: "fleet", value: "shop"), Setting(name: "instance", value: instance)]
        )
    }

    private func make(_ definitions: [RollupDefinition]) throws -> (KPIStore, RollupEngine) {
        let store = try KPIStore.inMemory()
        let engine = RollupEngine(store) { _, _, _ in PersonaSpan("p") }
        try engine.configure(definitions, at: at(0))
        // Everything here is less than a day ahead.
        engine.state.withLock { $0.latest = start + 9_000_000 }
        return (store, engine)
    }

    private func append(
        _ store: KPIStore,
        _ engine: RollupEngine,
        _ instance: String,
        _ samples: [(Int64, Double)]
    ) throws {
        var batch = SampleBatch()
        let id = try store.intern([key(instance)])[0]
        for (second, value) in samples { batch.append(id, at: at(second), value: value) }
        try store.append(batch)
        engine.ingest(batch)
    }

    private func window(
        _ engine: RollupEngine,
        _ aggregate: RollupAggregate,
        _ minutes: Int64,
        _ kpi: String = "request_rate"
    ) throws -> [Double] {
        try engine.window(
            fleet: "shop",
            kpi: kpi,
            aggregate,
            on: WindowGrid(from: at(0), to: at(minutes * 60), step: .minutes(1))
        )
    }
}
