import Domain
import Foundation
import TestSupport
import Testing

@testable import KPIStore

/// Random histories: late, repeated and missing samples, resets, marks of the end, changed personas, compactions, prunings,
/// restarts. What the engine says is what a naive recomputation from all samples says.
struct RollupModelTests {
    @Test(arguments: Array(1...12))
    func randomHistories(_ seed: UInt64) throws {
        var history = try RollupHistory(seed: seed)
        for _ in 0..<80 { try history.act() }
        try history.settleAndCompare()
        try history.restart()
        try history.settleAndCompare()
    }
}

/// A store, an engine, and the same in dictionaries.
struct RollupHistory {
    private var random: SeededGenerator
    private var folder: TemporaryFolder
    private var store: KPIStore
    private var engine: RollupEngine
    private let personas = PersonaTimeline()
    private let definitions: [RollupDefinition]
    private let keys: [SeriesKey]
    private var samples: [SeriesKey: [Int64: Double]] = [:]
    private var level: [SeriesKey: Double] = [:]
    private var clock: Int64 = 1_700_000_000_000
    private let start: Int64
    private var horizon = Int64.min

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        folder = try TemporaryFolder()
        store = try KPIStore(path: folder.file("kpi.db"))
        engine = Self.engine(store, personas)
        start = clock
        definitions = [
            RollupDefinition(
                fleet: "shop",
                kpi: "request_rate",
                metric: "requests_total",
                matchers: [.equal(label: "job", value: "shop"), .notEqual(label: "code", value: "500")],
                isCounter: true
            ),
            RollupDefinition(
                fleet: "shop",
                kpi: "latency",
                metric: "latency",
                matchers: [.equal(label: "job", value: "shop")]
            ),
            RollupDefinition(fleet: "all", kpi: "latency", metric: "latency", step: .seconds(30)),
        ]
        keys =
            (0..<4)
            .flatMap { resource in
                [("requests_total", "200"), ("requests_total", "404"), ("requests_total", "500"), ("latency", "")]
                    .map {
                        SeriesKey(
                            $0.0,
                            labels: [
                                Setting(name: "job", value: resource == 3 ? "other" : "shop"),
                                Setting(name: "code", value: $0.1), Setting(name: "instance", value: "web-\(resource)"),
                            ]
                        )
                    }
            } + [SeriesKey("latency", labels: [Setting(name: "job", value: "shop")])]
        try engine.configure(definitions, at: Timestamp(milliseconds: clock))
    }

    private static func engine(_ store: KPIStore, _ personas: PersonaTimeline) -> RollupEngine {
        RollupEngine(store) { _, resource, time in personas.span(of: resource, at: time.milliseconds) }
    }

    mutating func act() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<12: try append()
        case 12: try changePersona()
        case 13..<15: try engine.maintain(at: Timestamp(milliseconds: clock))
        case 15: try store.compact(upTo: Timestamp(milliseconds: clock - Int64.random(in: 0...600_000, using: &random)))
        case 16: try settleAndCompare()
        case 17: try restart()
        case 18:
            // Readings vanish: what was rolled up of them stays, and is not compared.
            guard Int.random(in: 0..<3, using: &random) == 0 else { return }
            try settleAndCompare()
            horizon = max(horizon, start + (clock - start) / 3)
            try store.prune(before: Timestamp(milliseconds: horizon))
        default: clock += Int64.random(in: 0...2_000_000, using: &random)
        }
    }

    private mutating func append() throws {
        var batches: [SampleBatch] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var batch = SampleBatch()
            let ids = try store.intern(keys)
            for _ in 0..<Int.random(in: 1...60, using: &random) {
                clock += Int64.random(in: 0...4000, using: &random)
                let index = Int.random(in: 0..<keys.count, using: &random)
                var time = clock
                switch Int.random(in: 0..<40, using: &random) {
                case 0: time = Int64.random(in: start...clock, using: &random)
                case 1: time -= Int64.random(in: 0...120_000, using: &random)
                case 2: time = samples[keys[index]]?.keys.max() ?? clock
                default: break
                }
                let value = value(of: keys[index])
                batch.append(ids[index], at: time, value: value)
                samples[keys[index], default: [:]][time] = value
            }
            try store.append(batch)
            batches.append(batch)
        }
        // Threads may hand over in another order than they were served, and twice.
        for batch in batches.shuffled(using: &random) { engine.ingest(batch) }
        if Int.random(in: 0..<10, using: &random) == 0 { engine.ingest(batches[0]) }
    }

    private mutating func value(of key: SeriesKey) -> Double {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: return Sample.staleMarker
        case 1: return .nan
        default: break
        }
        guard key.name == "requests_total" else {
            return (Double.random(in: -1...300, using: &random) * 10).rounded() / 10
        }
        if Int.random(in: 0..<30, using: &random) == 0 { level[key] = 0 }
        level[key, default: 1e6] += Double(Int.random(in: 0...1000, using: &random))
        return level[key] ?? 0
    }

    private mutating func changePersona() throws {
        let resource = "web-\(Int.random(in: 0..<4, using: &random))"
        let from =
            Int64.random(in: 0..<3, using: &random) == 0 ? clock : Int64.random(in: start...clock, using: &random)
        let until = from + Int64.random(in: 1...1_000_000, using: &random)
        let persona = ["low-latency", "background", nil].randomElement(using: &random) ?? nil
        let changed = Timestamp(milliseconds: from)
        func tell() throws {
            for fleet in ["shop", "all"] {
                try engine.personaChanged(
                    fleet: fleet,
                    resource: resource,
                    from: changed,
                    until: Timestamp(milliseconds: until)
                )
            }
        }
        try tell()
        personas.set(persona, of: resource, from: from, until: until)
        try tell()
    }

    /// A kill: a new process finds the database and its write-ahead log as they are.
    mutating func restart() throws {
        let crash = try TemporaryFolder()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.file("kpi.db" + suffix),
                toPath: crash.file("kpi.db" + suffix)
            )
        }
        folder = crash
        store = try KPIStore(path: crash.file("kpi.db"))
        engine = Self.engine(store, personas)
        try engine.configure(definitions, at: Timestamp(milliseconds: clock))
    }

    mutating func settleAndCompare() throws {
        // Nobody writes meanwhile: once is enough.
        let report = try engine.maintain(at: Timestamp(milliseconds: clock))
        #expect(report.waiting == 0)
        for definition in definitions {
            for persona in [nil, "first", "low-latency", "background"] {
                try compare(definition, persona: persona, resource: nil, perStep: 1)
            }
            try compare(definition, persona: nil, resource: "web-1", perStep: 1)
            try compare(definition, persona: "low-latency", resource: "web-2", perStep: 1)
            try compare(definition, persona: nil, resource: nil, perStep: 5)
        }
    }

    private func compare(_ definition: RollupDefinition, persona: String?, resource: String?, perStep: Int64) throws {
        let members = keys.filter { definition.matches($0) && (resource == nil || $0.label("instance") == resource) }
        let naive = NaiveRollup(
            members.map { key in (key.label("instance"), (samples[key] ?? [:]).filter { $0.key >= horizon }) },
            isCounter: definition.isCounter,
            step: definition.step.milliseconds,
            personas: personas
        )
        let step = definition.step.milliseconds * perStep
        let oldest = horizon == .min ? start - 3_600_000 : max(start - 3_600_000, horizon + definition.lookBack)
        let first = floorDivide(oldest, step) + 1
        let last = max(first, floorDivide(clock, step))
        let grid = try WindowGrid(
            from: Timestamp(milliseconds: first * step),
            to: Timestamp(milliseconds: (last + 1) * step),
            step: TimeSpan(milliseconds: step)
        )
        func window(_ aggregate: RollupAggregate) throws -> [Double] {
            try engine.window(
                fleet: definition.fleet,
                kpi: definition.kpi,
                persona: persona,
                resource: resource,
                aggregate,
                on: grid
            )
        }
        let mean = try window(.mean)
        let sum = try window(.sum)
        let low = try window(.min)
        let high = try window(.max)
        let count = try window(.count)
        let p90 = try window(.quantile(0.9))
        #expect(mean.count == grid.count && p90.count == grid.count)
        for index in 0..<grid.count {
            let number = (first + Int64(index)) * perStep
            let parts = (number..<number + perStep).map { naive.readings($0, persona: persona) }
            let readings = parts.flatMap(\.readings).sorted()
            let used = parts.filter { !$0.readings.isEmpty }
            let place = "\(definition.fleet) \(definition.kpi) \(persona ?? "all") step \(number)"
            guard count[index] == Double(readings.count) else {
                Issue.record("\(place): \(count[index]) readings, not \(readings.count)")
                return
            }
            guard let smallest = readings.first, let largest = readings.last else {
                #expect(
                    mean[index].isNaN && sum[index].isNaN && low[index].isNaN && high[index].isNaN && p90[index].isNaN
                )
                continue
            }
            let exact = readings[Int(0.9 * Double(readings.count - 1))]
            let all = readings.reduce(0, +) / Double(readings.count)
            let total = used.map(\.total).reduce(0, +) / Double(used.count)
            #expect(low[index].isNear(smallest) && high[index].isNear(largest), "\(place)")
            #expect(mean[index].isNear(all), "\(place) mean \(mean[index]), not \(all)")
            #expect(sum[index].isNear(total), "\(place) sum \(sum[index]), not \(total)")
            #expect(abs(p90[index] - exact) <= abs(exact) * QuantileSketch.relativeError * 1.000_001, "\(place)")
        }
    }
}

extension Double {
    /// But for the order in which sums were made.
    fileprivate func isNear(_ other: Double) -> Bool { abs(self - other) <= 1e-9 * (1 + abs(self) + abs(other)) }
}
