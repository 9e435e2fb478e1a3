import Control
import Dispatch
import Domain
import HTTPTypes
import KPIStore
import RemoteWrite
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// The remote-write receiver.
@Suite(.inTurn)
struct WriteTests {
    private static let headers = ["Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"]
    private static let now = FakeControlPlane.start.milliseconds

    private static func write(
        _ client: ServerClient,
        _ body: [UInt8],
        as scope: TokenScope = .agent
    ) async throws -> ServerReply {
        try await client.send(.post, "/api/v1/write", as: scope, headers: headers, body: body)
    }

    private static func labels(_ name: String, _ more: (String, String)...) -> [(String, String)] {
        [("__name__", name)] + more
    }

    private static func values(_ store: KPIStore, _ key: SeriesKey) throws -> [Double] {
        try store.samples(of: key, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: now + 1_000_000))
            .values
    }

    @Test func whatIsAcknowledgedIsStoredAndHandedOn() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let body = WriteRequest.body([
                (
                    Self.labels("queue_length", ("fleet", "batch"), ("instance", "w-1")),
                    [(Self.now - 2000, 1), (Self.now - 1000, 2)]
                ),
                (Self.labels("http_requests_total", ("job", "shop"), ("instance", "s-1")), [(Self.now, 40)]),
                (Self.labels("http_requests_total", ("job", "other"), ("instance", "s-2")), [(Self.now, 50)]),
                (Self.labels("up"), [(Self.now, 1)]),
            ])
            let reply = try await Self.write(client, body)
            #expect(reply.status == 204)
            #expect(reply.bytes.isEmpty)
        }
        let key = SeriesKey(
            "queue_length",
            labels: [Setting(name: "instance", value: "w-1"), Setting(name: "fleet", value: "batch")]
        )
        #expect(try Self.values(world.kpis, key) == [1, 2])
        #expect(try world.kpis.series(matching: SeriesSelector()).count == 4)
        #expect(world.sink.samples.withLock { $0 } == 5)
        #expect(world.control.state.withLock { $0.arrivals } == [["batch", "storefront"]])
    }

    @Test func disorderAndDuplicatesAreTaken() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let labels = Self.labels("a", ("fleet", "batch"))
            for samples in [[(Self.now, 3.0)], [(Self.now - 5000, 1.0), (Self.now - 9000, 0.5)], [(Self.now, 4.0)]] {
                #expect(try await Self.write(client, WriteRequest.body([(labels, samples)])).status == 204)
            }
        }
        #expect(
            try Self.values(world.kpis, SeriesKey("a", labels: [Setting(name: "fleet", value: "batch")])) == [
                0.5, 1, 4,
            ]
        )
    }

    @Test func labelsInAnotherOrderAreTheSameSeries() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            for labels in [[("__name__", "a"), ("x", "1"), ("y", "2")], [("y", "2"), ("__name__", "a"), ("x", "1")]] {
                _ = try await Self.write(client, WriteRequest.body([(labels, [(Self.now, 1)])]))
            }
        }
        #expect(try world.kpis.series(matching: SeriesSelector()).count == 1)
    }

    @Test func anotherWorkspaceMeansOtherFleets() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let body = WriteRequest.body([(Self.labels("jobs", ("team", "x")), [(Self.now, 1)])])
            _ = try await Self.write(client, body)
            world.control.state.withLock { state in
                state.sources.version += 1
                state.sources.fleets[1].mappings = [KPIMapping(kpi: "queue_length", metric: "jobs")]
            }
            _ = try await Self.write(client, body)
        }
        #expect(world.control.state.withLock { $0.arrivals } == [["batch"]])
    }

    /// A killed process is one whose store was not closed: a copy of its files, opened anew, has all that was acknowledged.
    @Test func whatIsAcknowledgedSurvivesAKill() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            for index in 0..<20 {
                let body = WriteRequest.body([
                    (Self.labels("a", ("n", String(index % 3))), [(Self.now + Int64(index), Double(index))])
                ])
                #expect(try await Self.write(client, body).status == 204)
            }
        }
        let copy = try world.folder.copyOfFiles(["kpi.db", "kpi.db-wal"])
        let store = try KPIStore(path: copy.file("kpi.db"))
        let values = try (0..<3)
            .flatMap { try Self.values(store, SeriesKey("a", labels: [Setting(name: "n", value: String($0))])) }
        #expect(values.sorted() == (0..<20).map(Double.init))
    }

    @Test func limitsAreNamed() async throws {
        var limits = IngestLimits(bodyBytes: 4000)
        limits.wire = WireLimits(
            decompressedBytes: 3000,
            series: 3,
            samples: 5,
            labels: 4,
            labelNameBytes: 10,
            labelValueBytes: 20
        )
        limits.series = 6
        let world = try ServerWorld(ServerConfiguration(port: 0, ingest: limits))
        try await world.test { (client) async throws in
            func refused(_ body: [UInt8], _ words: String) async throws {
                let reply = try await Self.write(client, body)
                #expect(reply.isProblem(.badRequest), "\(words)")
                #expect(reply["detail"]?.string?.contains(words) == true, "\(reply.text)")
            }
            let one = [(Self.now, 1.0)]
            try await refused(WriteRequest.body((0..<4).map { (Self.labels("a\($0)"), one) }), "series in a request")
            try await refused(WriteRequest.body([(Self.labels("a"), (0..<6).map { (Self.now + $0, 1) })]), "samples")
            try await refused(
                WriteRequest.body([(Self.labels("a", ("b", "1"), ("c", "1"), ("d", "1"), ("e", "1")), one)]),
                "labels"
            )
            try await refused(WriteRequest.body([(Self.labels("a", ("longer_than_ten", "1")), one)]), "label name")
            try await refused(WriteRequest.body([(Self.labels(String(repeating: "a", count: 21)), one)]), "label value")
            try await refused(WriteRequest.snappy(Array(repeating: 0, count: 3001)), "decompressed bytes")
            try await refused(WriteRequest.snappy([1, 2, 3], declaring: 1 << 30), "decompressed bytes")
            try await refused(WriteRequest.body([([("b", "1")], one)]), "__name__")
            #expect(
                try await Self.write(client, Array(repeating: 0, count: 4001)).isProblem(.contentTooLarge)
            )
            // Nothing of all that was stored.
            #expect(try world.kpis.series(matching: SeriesSelector()).isEmpty)
            for index in 0..<3 {
                let body = WriteRequest.body([(Self.labels("s\(index)"), one), (Self.labels("t\(index)"), one)])
                #expect(try await Self.write(client, body).status == 204)
            }
            try await refused(WriteRequest.body([(Self.labels("u"), one)]), "6 series at most")
            // What is there stays welcome, in whatever order its labels come.
            let known = WriteRequest.body([([("__name__", "s0")], one), ([("__name__", "t2")], one)])
            #expect(try await Self.write(client, known).status == 204)
        }
    }

    @Test func samplesOfTheFutureAreLeftOut() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let body = WriteRequest.body([
                (Self.labels("a"), [(Self.now, 1), (Self.now + 86_400_001, 2)]), (Self.labels("b"), [(.max, 3)]),
            ])
            let reply = try await Self.write(client, body)
            #expect(reply.isProblem(.badRequest))
            #expect(reply["detail"]?.string?.contains("2 samples are of the future") == true)
        }
        #expect(try Self.values(world.kpis, SeriesKey("a")) == [1])
    }

    @Test func garbageIsRefused() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            var generator = SeededGenerator(seed: 7)
            let good = WriteRequest.body([(Self.labels("a", ("b", "c")), [(Self.now, 1)])])
            #expect(try await Self.write(client, []).isProblem(.badRequest))
            for round in 0..<300 {
                var body: [UInt8]
                if round % 3 == 0 {
                    body = (0..<Int.random(in: 1..<200, using: &generator))
                        .map { _ in
                            UInt8.random(in: .min ... .max, using: &generator)
                        }
                } else {
                    body = good
                    for _ in 0...Int.random(in: 0..<3, using: &generator) {
                        body[Int.random(in: body.indices, using: &generator)] = UInt8.random(
                            in: .min ... .max,
                            using: &generator
                        )
                    }
                    if round % 3 == 2 { body.removeLast(Int.random(in: 0..<body.count, using: &generator)) }
                }
                let reply = try await Self.write(client, body)
                #expect(reply.status == 204 || reply.isProblem(.badRequest), "\(reply.text)")
            }
        }
    }

    @Test func contentTypeAndEncodingAreAskedFor() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let body = WriteRequest.body([(Self.labels("a"), [(Self.now, 1)])])
                for headers in [
                    ["Content-Type": "application/json", "Content-Encoding": "snappy"],
                    ["Content-Type": "application/x-protobuf"],
                    ["Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"], [:],
                ] {
                    let reply = try await client.send(.post, "/api/v1/write", as: .agent, headers: headers, body: body)
                    #expect(reply.isProblem(.unsupportedMediaType))
                }
            }
    }

    /// Read as 1.0 such a body has no series: it would be acknowledged and lost.
    @Test func remoteWrite2IsSentBack() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let body = WriteRequest.body([(Self.labels("a"), [(Self.now, 1)])])
            func status(_ message: String) async throws -> ServerReply {
                let headers = [
                    "Content-Type": "application/x-protobuf;proto=\(message)", "Content-Encoding": "snappy",
                ]
                return try await client.send(.post, "/api/v1/write", as: .agent, headers: headers, body: body)
            }
            let refused = try await status("io.prometheus.write.v2.Request")
            #expect(refused.isProblem(.unsupportedMediaType))
            #expect(refused["detail"]?.string?.contains("prometheus.WriteRequest") == true)
            #expect(world.sink.samples.withLock { $0 } == 0)
            #expect(try await status("prometheus.WriteRequest").status == 204)
            #expect(try await status("\"prometheus.WriteRequest\"").status == 204)
        }
    }

    @Test(arguments: [("a\nb", "x"), ("a", "x\0"), (String(repeating: "n", count: 257), "x")])
    func namesThatNobodyCouldAskForAreRefused(_ name: String, _ label: String) async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let body = WriteRequest.body([
                (Self.labels("good"), [(Self.now, 1)]), (Self.labels(name, (label, "1")), [(Self.now, 1)]),
            ])
            let reply = try await Self.write(client, body)
            #expect(reply.isProblem(.badRequest))
            #expect(reply["errors/0/message"]?.string?.contains("control character") == true, "\(reply.text)")
        }
        #expect(try world.kpis.series(matching: SeriesSelector()).isEmpty)
    }

    /// The ends of time, and what JSON has no word for, come back as they were sent: from the log, from chunks, after a restart.
    @Test func oddTimesAndValuesAreKept() async throws {
        let world = try ServerWorld()
        let times: [Int64] = [.min, .min + 1, -(1 << 62), -1, 0, 1, Self.now]
        let odd = [
            Double.nan, .infinity, -.infinity, -0x1p63, 0x1p63, 1e308, -0.0, .leastNonzeroMagnitude,
            Double(bitPattern: 0x7FF0_0000_0000_0002),
        ]
        try await world.test { (client) async throws in
            let body = WriteRequest.body([
                (Self.labels("times"), times.map { ($0, Double($0)) }),
                (Self.labels("values"), odd.enumerated().map { (Self.now + Int64($0), $1) }),
            ])
            #expect(try await Self.write(client, body).status == 204)
            for name in ["times", "values"] {
                let query = "?name=\(name)&from=1960-01-01T00:00:00Z&to=2025-11-25T00:00:00Z"
                #expect(try await client.get("/v1/kpis/window\(query)&step=52w").status == 200)
                for type in ["application/json", "text/plain"] {
                    #expect(try await client.get("/v1/kpis/export\(query)", headers: ["Accept": type]).status == 200)
                }
            }
        }
        try world.kpis.compact(upTo: Timestamp(milliseconds: .max))
        let copy = try world.folder.copyOfFiles(["kpi.db", "kpi.db-wal"])
        let store = try KPIStore(path: copy.file("kpi.db"))
        let all = try store.samples(
            of: SeriesKey("times"),
            from: Timestamp(milliseconds: .min),
            to: Timestamp(milliseconds: .max)
        )
        #expect(all.times == times)
        let values = try store.samples(
            of: SeriesKey("values"),
            from: Timestamp(milliseconds: 0),
            to: Timestamp(milliseconds: .max)
        )
        #expect(values.values.map(\.bitPattern) == odd.map(\.bitPattern))
    }

    /// While the store holds requests up, as many come in as there is room for; the others are told to come again, and then succeed.
    @Test func aFullServerSaysWhenToComeAgain() async throws {
        let body = WriteRequest.body([(Self.labels("a"), [(Self.now, 1)])])
        var limits = IngestLimits()
        limits.threads = 1
        limits.queueBytes = body.count * 5
        let world = try ServerWorld(ServerConfiguration(port: 0, ingest: limits))
        let hold = DispatchSemaphore(value: 0)
        world.sink.hold.withLock { $0 = hold }
        try await world.test { (client) async throws in
            try await withThrowingTaskGroup(of: ServerReply.self) { group in
                for _ in 0..<12 { group.addTask { try await Self.write(client, body) } }
                var refused = 0
                // Those that are refused answer while the others are held.
                while let reply = try await group.next() {
                    if reply.status == 429 {
                        refused += 1
                        #expect(reply.isProblem(.tooManyRequests))
                        #expect(reply.header("Retry-After") == "1")
                    } else {
                        #expect(reply.status == 204)
                    }
                    world.sink.hold.withLock { $0 = nil }
                    hold.signal()
                }
                #expect(refused > 0)
            }
            #expect(world.server.gateway.table.routes.isEmpty == false)
            #expect(try await Self.write(client, body).status == 204)
        }
    }

    @Test func aFullDiskIsNoLossOfTheSender() async throws {
        let folder = try TemporaryFolder()
        let store = try KPIStore(path: folder.file("kpi.db"), maximumBytes: 1 << 17)
        let world = try ServerWorld(kpis: store)
        try await world.test { (client) async throws in
            var last: ServerReply?
            for round in 0..<400 where last?.status ?? 204 == 204 {
                let series = (0..<50)
                    .map { index in
                        (Self.labels("s", ("n", "\(round)-\(index)")), [(Self.now, Double.random(in: 0...1))])
                    }
                last = try await Self.write(client, WriteRequest.body(series))
            }
            #expect(last?.isProblem(.unavailable) == true)
            #expect(last?.header("Retry-After") != nil)
            let metrics = try await client.get("/metrics")
            #expect(metrics.text.contains("troupe_store_errors_total{store=\"kpi\",code=\"disk_full\"}"))
        }
    }
}
