import Domain
import KPIStore
import Testing

/// What every KPI store promises.
@Suite struct KPIStoreContractTests {
    let key = SeriesKey("request_rate", labels: [Setting(name: "fleet", value: "storefront")])

    @Test(arguments: StoreSetup.allCases)
    func whatIsAppendedIsRead(_ setup: StoreSetup) throws {
        let store = try setup.make()
        try store.append([sample(0, 1.5), sample(20_000, 2.5)], to: key)
        try store.append([sample(40_000, 3.5)], to: key)
        let all = try store.samples(of: key, from: at(0), to: at(100_000))
        #expect(all.times == [0, 20_000, 40_000])
        #expect(all.values == [1.5, 2.5, 3.5])
        #expect(try store.samples(of: key, from: at(1), to: at(40_000)).times == [20_000])
        #expect(try store.samples(of: key, from: at(50), to: at(50)).isEmpty)
        #expect(try store.samples(of: key, from: at(50), to: at(0)).isEmpty)
        #expect(try store.samples(of: SeriesKey("other"), from: at(0), to: at(100_000)).isEmpty)
    }

    @Test(arguments: StoreSetup.allCases)
    func theLastWrittenHolds(_ setup: StoreSetup) throws {
        let store = try setup.make()
        try store.append([sample(20_000, 1), sample(40_000, 1), sample(20_000, 2)], to: key)
        #expect(try store.samples(of: key, from: at(0), to: at(60_000)).values == [2, 1])
        try store.append([sample(40_000, 3)], to: key)
        try store.append([sample(20_000, 4), sample(0, 5)], to: key)
        let all = try store.samples(of: key, from: at(0), to: at(60_000))
        #expect(all.times == [0, 20_000, 40_000])
        #expect(all.values == [5, 4, 3])
    }

    @Test(arguments: StoreSetup.allCases)
    func valuesAreKeptToTheBit(_ setup: StoreSetup) throws {
        let store = try setup.make()
        let values: [Double] = [
            .nan, Sample.staleMarker, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, 0.1, 1 / 3, -1e300, 12.5,
        ]
        try store.append(values.enumerated().map { sample(Int64($0) * 10_000, $1) }, to: key)
        let read = try store.samples(of: key, from: at(0), to: at(1_000_000)).values
        #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(try store.latest(of: key, atOrBefore: at(10_000))?.isStale == true)
    }

    @Test(arguments: StoreSetup.allCases)
    func aWindowHasGaps(_ setup: StoreSetup) throws {
        let store = try setup.make()
        try store.append(
            [
                sample(0, 1), sample(9_999, 3), sample(10_000, 5), sample(30_000, .nan), sample(40_000, 7),
                sample(49_999, .nan),
            ],
            to: key
        )
        let grid = try WindowGrid(from: at(0), to: at(55_000), step: .seconds(10))
        #expect(grid.count == 6)
        func window(_ aggregation: Aggregation) throws -> [Double?] {
            try store.window(of: key, on: grid, aggregation).map { $0.isNaN ? nil : $0 }
        }
        #expect(try window(.last) == [3, 5, nil, nil, nil, nil])
        #expect(try window(.mean) == [2, 5, nil, nil, 7, nil])
        #expect(try window(.sum) == [4, 5, nil, nil, 7, nil])
        #expect(try window(.min) == [1, 5, nil, nil, 7, nil])
        #expect(try window(.max) == [3, 5, nil, nil, 7, nil])
        #expect(try window(.count) == [2, 1, 0, 0, 1, 0])
        let empty = try store.window(of: SeriesKey("other"), on: grid, .mean)
        #expect(empty.count == 6 && empty.allSatisfy(\.isNaN))
    }

    @Test(arguments: StoreSetup.allCases)
    func theLatestIsTheLastByTime(_ setup: StoreSetup) throws {
        let store = try setup.make()
        #expect(try store.latest(of: key, atOrBefore: at(.max)) == nil)
        try store.append([sample(50_000, 2)], to: key)
        try store.append([sample(10_000, 1)], to: key)
        #expect(try store.latest(of: key, atOrBefore: at(.max))?.value == 2)
        #expect(try store.latest(of: key, atOrBefore: at(49_999))?.value == 1)
        #expect(try store.latest(of: key, atOrBefore: at(9_999)) == nil)
        let last = try #require(try store.latest(of: key, atOrBefore: at(60_000)))
        #expect(last.age(at: at(60_000)) == .seconds(10))
    }

    @Test(arguments: StoreSetup.allCases)
    func seriesAreListedAndSelected(_ setup: StoreSetup) throws {
        let store = try setup.make()
        let keys = ["b", "a"]
            .flatMap { name in
                ["web-2", "web-1", "db-1"].map { SeriesKey(name, labels: [Setting(name: "instance", value: $0)]) }
            }
        let ids = try store.intern(keys + keys.reversed())
        #expect(ids.count == 12 && ids[0] == ids[11])
        try store.append(1, to: keys[0], at: at(0))
        #expect(try store.series(matching: SeriesSelector()) == keys.sorted())
        #expect(
            try store
                .series(
                    matching: SeriesSelector(name: "a", matchers: [.hasPrefix(label: "instance", prefix: "web")])
                )
                .map(\.description) == [#"a{instance="web-1"}"#, #"a{instance="web-2"}"#]
        )
        let others: [SeriesSelector.Matcher] = [
            .notEqual(label: "instance", value: "db-1"), .oneOf(label: "instance", values: ["db-1", "web-1"]),
            .equal(label: "absent", value: ""),
        ]
        #expect(try store.series(matching: SeriesSelector(matchers: others)).map(\.name) == ["a", "b"])
    }

    @Test func labelsAreASet() {
        let a = Setting(name: "a", value: "1")
        let b = Setting(name: "b", value: "2")
        #expect(SeriesKey("k", labels: [b, a]) == SeriesKey("k", labels: [a, b]))
        #expect(SeriesKey("k", labels: [Setting(name: "a", value: "0"), b, a]) == SeriesKey("k", labels: [a, b]))
    }

    @Test(arguments: StoreSetup.allCases)
    func aSeriesWithoutANameIsRefused(_ setup: StoreSetup) throws {
        let store = try setup.make()
        for bad in [SeriesKey(""), SeriesKey("k", labels: [Setting(name: "", value: "v")])] {
            let error = #expect(throws: KPIStoreError.self) { try store.intern([bad]) }
            #expect(error?.code == .invalid)
        }
        #expect(try store.series(matching: SeriesSelector()).isEmpty)
    }

    @Test(arguments: StoreSetup.allCases)
    func whatIsPrunedIsGone(_ setup: StoreSetup) throws {
        let store = try setup.make()
        let other = SeriesKey("queue_length")
        let old = SeriesKey("old")
        try store.append((0..<10).map { sample(Int64($0) * 10_000, Double($0)) }, to: key)
        try store.append(1, to: other, at: at(90_000))
        try store.append(1, to: old, at: at(10_000))
        try store.prune(before: at(45_000))
        try store.prune(before: at(20_000))
        #expect(
            try store.samples(of: key, from: at(0), to: at(.max)).times == [50_000, 60_000, 70_000, 80_000, 90_000]
        )
        #expect(try store.latest(of: old, atOrBefore: at(.max)) == nil)
        // Late readings from before the horizon too.
        try store.append(1, to: key, at: at(40_000))
        #expect(try store.samples(of: key, from: at(.min), to: at(.max)).count == 5)
        #expect(try store.latest(of: key, atOrBefore: at(49_000)) == nil)
        // What has no reading left goes when the log has let go of it.
        try store.compact(upTo: at(.max))
        try store.prune(before: at(45_000))
        #expect(try store.series(matching: SeriesSelector()) == [other, key])
        // And comes back when it reports again.
        try store.append(2, to: old, at: at(95_000))
        #expect(try store.latest(of: old, atOrBefore: at(.max))?.value == 2)
    }

    @Test(arguments: StoreSetup.allCases)
    func aBatchOfAPrunedSeriesIsRefusedWhole(_ setup: StoreSetup) throws {
        let store = try setup.make()
        try store.append(1, to: key, at: at(100_000))
        let ids = try store.intern([key, SeriesKey("never_written")])
        try store.prune(before: at(50_000))
        guard setup != .reopening else { return }
        var batch = SampleBatch()
        batch.append(ids[0], at: at(110_000), value: 1)
        batch.append(ids[1], at: at(110_000), value: 1)
        let error = #expect(throws: KPIStoreError.self) { try store.append(batch) }
        #expect(error?.code == .unknownSeries)
        #expect(try store.samples(of: key, from: at(0), to: at(.max)).times == [100_000])
    }

    @Test func gridsThatCannotBe() {
        for (from, to, step) in [
            (0, 10, 0), (0, 10, -1), (10, 0, 1), (.min, .max, 1), (0, .max, 1), (0, .max, .max - 1),
        ] {
            let error = #expect(throws: KPIStoreError.self) {
                try WindowGrid(from: at(Int64(from)), to: at(Int64(to)), step: TimeSpan(milliseconds: Int64(step)))
            }
            #expect(error?.code == .invalid)
        }
    }

    // MARK: Help

    func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
    func sample(_ milliseconds: Int64, _ value: Double) -> Sample { Sample(at: at(milliseconds), value: value) }
}
