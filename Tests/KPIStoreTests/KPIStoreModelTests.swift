import Domain
import Synchronization
import TestSupport
import Testing

@testable import KPIStore

/// Random histories, against a dictionary that does the same.
struct KPIStoreModelTests {
    @Test(arguments: [1, 2, 3, 4])
    func randomHistories(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = try StoreSetup.file.make()
        let keys = (0..<5).map { SeriesKey("kpi", labels: [Setting(name: "instance", value: "\($0)")]) }
        var model: [SeriesKey: [Int64: Double]] = [:]
        var clock: Int64 = 1_000_000
        for _ in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let ids = try store.intern(keys)
                var batch = SampleBatch()
                for _ in 0..<Int.random(in: 1...400, using: &random) {
                    clock += Int64.random(in: 0...20, using: &random) * 1000
                    let late = Int.random(in: 0..<10, using: &random) == 0
                    let time = late ? Int64.random(in: 0...clock, using: &random) : clock
                    let series = Int.random(in: 0..<keys.count, using: &random)
                    let value = (Double.random(in: 0...100, using: &random) * 10).rounded() / 10
                    batch.append(ids[series], at: time, value: value)
                    model[keys[series], default: [:]][time] = value
                }
                try store.append(batch)
            case 6..<8:
                try store.compact(upTo: Timestamp(milliseconds: clock - Int64.random(in: 0...50_000, using: &random)))
            case 8: try store.reopen()
            default:
                let horizon = clock / 4
                try store.prune(before: Timestamp(milliseconds: horizon))
                for key in keys { model[key] = model[key]?.filter { $0.key >= horizon } }
            }
            try compare(store, model, keys, clock)
        }
        try store.compact(upTo: Timestamp(milliseconds: .max))
        try compare(store, model, keys, clock)
        try store.reopen()
        try compare(store, model, keys, clock)
    }

    private func compare(
        _ store: TestedStore,
        _ model: [SeriesKey: [Int64: Double]],
        _ keys: [SeriesKey],
        _ clock: Int64
    ) throws {
        for key in keys {
            let horizon = try #require(store.store).memory.withLock { $0.horizon }
            let expected = (model[key] ?? [:]).filter { $0.key >= horizon }.sorted { $0.key < $1.key }
            let found = try store.samples(of: key, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max))
            #expect(found.times == expected.map(\.key))
            #expect(found.values == expected.map(\.value))
            let from = clock / 3
            let to = clock / 2
            let part = try store.samples(of: key, from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
            #expect(part.times == expected.map(\.key).filter { from <= $0 && $0 < to })
            let latest = try store.latest(of: key, atOrBefore: Timestamp(milliseconds: to))
            #expect(latest?.value == expected.last { $0.key <= to }?.value)
        }
    }
}
