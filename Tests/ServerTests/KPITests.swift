import Domain
import HTTPTypes
import KPIStore
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Time series through the API.
@Suite(.inTurn)
struct KPITests {
    private static func filled() throws -> ServerWorld {
        let world = try ServerWorld()
        for index in 0..<3 {
            let key = SeriesKey(
                "request_rate",
                labels: [Setting(name: "fleet", value: "storefront"), Setting(name: "instance", value: "web-\(index)")]
            )
            let samples = (0..<60)
                .map { Sample(at: FakeControlPlane.start - .minutes(Int64(60 - $0)), value: Double($0)) }
            try world.kpis.append(samples, to: key)
        }
        return world
    }

    @Test func seriesAreListedInPages() async throws {
        try await Self.filled()
            .test { (client) async throws in
                let page = try await client.get("/v1/kpis?name=request_rate&limit=2", as: .viewer)
                #expect(page["series/0/labels/instance"]?.string == "web-0")
                let next = try #require(page["next"]?.string)
                #expect(try await client.get("/v1/kpis?limit=2&cursor=\(next)")["series"]?.array?.count == 1)
                #expect(try await client.get("/v1/kpis?labels=instance=web-1")["series"]?.array?.count == 1)
                #expect(try await client.get("/v1/kpis?cursor=999999999999999999")["series"]?.array?.isEmpty == true)
            }
    }

    @Test func windowsAreOnAGrid() async throws {
        try await Self.filled()
            .test { (client) async throws in
                let window = try await client.get("/v1/kpis/window?name=request_rate&step=30m&agg=max")
                #expect(window["series"]?.array?.count == 3)
                #expect(window["series/0/values"]?.array == [.integer(29), .integer(59)])
                let early = try await client.get(
                    "/v1/kpis/window?name=request_rate&from=2020-01-01T00:00:00Z&to=2020-01-01T00:02:00Z"
                )
                #expect(early["series/0/values"]?.array == [.null, .null])
                #expect(try await client.get("/v1/kpis/window").isProblem(.badRequest))
                #expect(
                    try await client.get("/v1/kpis/window?name=a&from=2020-01-01T00:00:00Z").isProblem(.unprocessable)
                )
                #expect(
                    try await client.get("/v1/kpis/window?name=a&from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z")
                        .isProblem(.unprocessable)
                )
                #expect(try await client.get("/v1/kpis/window?name=a&step=0s").isProblem(.badRequest))
                #expect(try await client.get("/v1/kpis/window?name=a&agg=men")["errors/0/suggestion"]?.string == "mean")
            }
    }

    @Test func whatIsExportedCanBeImported() async throws {
        let world = try Self.filled()
        let lines = try await world.test { (client) async throws in
            let json = try await client.get("/v1/kpis/export?name=request_rate")
            #expect(json["series/2/values"]?.array?.count == 60)
            return try await client.get("/v1/kpis/export?name=request_rate", headers: ["Accept": "text/plain"])
        }
        #expect(lines.text.hasPrefix("request_rate{fleet=\"storefront\",instance=\"web-0\"} 0 "))
        let other = try ServerWorld()
        try await other.test { (client) async throws in
            let reply = try await client.send(
                .post,
                "/v1/kpis/import",
                as: .operator,
                headers: ["Content-Type": "text/plain"],
                body: lines.bytes
            )
            #expect(reply["samples"]?.integer == 180)
            #expect(reply["series"]?.integer == 3)
            let again = try await client.get("/v1/kpis/export?name=request_rate", headers: ["Accept": "text/plain"])
            #expect(again.bytes == lines.bytes)
        }
        #expect(other.control.state.withLock { $0.arrivals } == [["storefront"]])
    }

    @Test func jsonIsImportedWholeOrNotAtAll() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let good = try await client.json(
                .post,
                "/v1/kpis/import",
                "{\"series\":[{\"name\":\"a\",\"labels\":{\"x\":\"1\"},\"times\":[1,2],\"values\":[0.5,7]}]}"
            )
            #expect(good["samples"]?.integer == 2)
            let uneven = try await client.json(
                .post,
                "/v1/kpis/import",
                "{\"series\":[{\"name\":\"b\",\"times\":[1],\"values\":[1]},{\"name\":\"b\",\"times\":[1,2],\"values\":[1]}]}"
            )
            #expect(uneven.isProblem(.unprocessable))
            #expect(uneven["errors/0/place"]?.string == "/series/1")
            #expect(try world.kpis.series(matching: SeriesSelector(name: "b")).isEmpty)
        }
    }

    /// Whoever imports a past that is not kept hears so, rather than that it was stored.
    @Test func whatWouldNotBeKeptIsNotImported() async throws {
        let world = try ServerWorld()
        let now = world.time.now
        try world.kpis.prune(before: now - .days(90))
        try await world.test { (client) async throws in
            func load(_ times: [Timestamp]) async throws -> ServerReply {
                let lines = times.map { "a 1 \($0.milliseconds)\n" }.joined()
                return try await client.send(
                    .post,
                    "/v1/kpis/import",
                    headers: ["Content-Type": "text/plain"],
                    body: Array(lines.utf8)
                )
            }
            for wrong in [now - .days(91), now + .days(2)] {
                let reply = try await load([now, wrong])
                #expect(reply.isProblem(.unprocessable))
                #expect(
                    reply["errors/0/message"]?.string?.contains("1 readings, the first at \(wrong.milliseconds)")
                        == true
                )
            }
            #expect(try world.kpis.series(matching: SeriesSelector()).isEmpty)
            #expect(try await load([now - .days(89), now])["samples"]?.integer == 2)
        }
    }

    @Test(arguments: [
        ("a 1", "milliseconds"), ("a x 1", "a number"), ("{b=\"1\"} 1 1", "no name"), ("a{b} 1 1", "expected a label"),
        ("a{b=\"1} 1 1", "closing quote"), ("a{b=\"\\x\"} 1 1", "escape"), ("a 1 1 1", "more after"),
        ("a 1 -5", "milliseconds"),
    ])
    func wrongLinesAreNamed(_ line: String, _ words: String) async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let reply = try await client.send(
                .post,
                "/v1/kpis/import",
                headers: ["Content-Type": "text/plain"],
                body: Array("# a\nok 1 1\n\(line)\n".utf8)
            )
            #expect(reply.isProblem(.unprocessable))
            #expect(reply["errors/0/place"]?.string == "line 3")
            #expect(reply["errors/0/message"]?.string?.contains(words) == true, "\(reply.text)")
        }
        #expect(try world.kpis.series(matching: SeriesSelector()).isEmpty)
    }

    @Test func numbersThatAreNone() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let text = "a{q=\"say \\\"hi\\\"\\n\"} NaN 1764000000000\na{q=\"say \\\"hi\\\"\\n\"} +Inf 1764000000001\n"
            let reply = try await client.send(
                .post,
                "/v1/kpis/import",
                headers: ["Content-Type": "text/plain; charset=utf-8"],
                body: Array(text.utf8)
            )
            #expect(reply.status == 200)
            world.time.advance(by: .minutes(1))
            #expect(try await client.get("/v1/kpis/export", headers: ["Accept": "text/plain"]).text == text)
            #expect(try await client.get("/v1/kpis/export")["series/0/values"]?.array == [.null, .null])
        }
    }
}
