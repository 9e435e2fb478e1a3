import Control
import Domain
import HTTPTypes
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// What is read through the API.
@Suite(.inTurn)
struct ReadTests {
    @Test func fleetsAreListedAndRead() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let list = try await client.get("/v1/fleets", as: .viewer)
                #expect(list.status == 200)
                #expect(list["fleets/1/name"]?.string == "storefront")
                let one = try await client.get("/v1/fleets/storefront", as: .viewer)
                #expect(one["forecast/lead_time_s"]?.number == 105)
                #expect(one["demand"]?.number == 200)
                let blind = try await client.get("/v1/fleets/batch", as: .viewer)
                #expect(blind["demand"] == .null)
                #expect(try await client.get("/v1/fleets/nope", as: .viewer).isProblem(.notFound))
            }
    }

    @Test func anUnknownParameterIsNamedWithTheNearest() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let reply = try await client.get("/v1/fleets/storefront/decisions?limti=3&from=yesterday", as: .viewer)
                #expect(reply.isProblem(.badRequest))
                #expect(reply["errors/0/suggestion"]?.string == "limit")
                #expect(reply["errors/1/place"]?.string == "from")
                #expect(try await client.get("/v1/fleets?x=1").isProblem(.badRequest))
                #expect(try await client.get("/v1/resources?limit=0").isProblem(.badRequest))
                #expect(try await client.get("/v1/resources?limit=5&limit=6").isProblem(.badRequest))
                #expect(try await client.get("/v1/resources?labels=a").isProblem(.badRequest))
                #expect(try await client.get("/v1/resources?state=redy")["errors/0/suggestion"]?.string == "ready")
            }
    }

    @Test func decisionsComeInPages() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                var seen: [String] = []
                var uri = "/v1/fleets/storefront/decisions?limit=10"
                for _ in 0..<3 {
                    let page = try await client.get(uri, as: .viewer)
                    #expect(page.status == 200)
                    seen += (page["decisions"]?.array ?? []).compactMap { $0["at"]?.string }
                    guard let next = page["next"]?.string else { break }
                    #expect(page.header("Link")?.contains("cursor=\(next)") == true)
                    uri = "/v1/fleets/storefront/decisions?limit=10&cursor=\(next)"
                }
                #expect(seen.count == 25)
                #expect(seen == seen.sorted(by: >))
                let window = try await client.get(
                    "/v1/fleets/storefront/decisions?from=\(FakeControlPlane.start + .seconds(30))"
                        + "&to=\(FakeControlPlane.start + .seconds(60))"
                )
                #expect(window["decisions"]?.array?.count == 2)
            }
    }

    @Test func aDecisionIsExplained() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let latest = try await client.get("/v1/fleets/storefront/decisions/latest/explain", as: .viewer)
                #expect(latest.status == 200)
                #expect((latest["lines"]?.array?.count ?? 0) > 1)
                let first = try await client.get("/v1/fleets/storefront/decisions/\(FakeControlPlane.start)/explain")
                #expect(first["at"]?.string == FakeControlPlane.start.description)
                #expect(
                    try await client.get("/v1/fleets/storefront/decisions/2020-01-01T00:00:00Z/explain")
                        .isProblem(.notFound)
                )
                #expect(try await client.get("/v1/fleets/storefront/decisions/soon/explain").isProblem(.badRequest))
            }
    }

    @Test func resourcesAreFilteredAndPaged() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let zone = try await client.get("/v1/resources?labels=zone=a,tier=web")
                #expect(zone["resources"]?.array?.count == 2)
                #expect(try await client.get("/v1/resources?state=starting")["resources/0/id"]?.string == "web-5")
                #expect(try await client.get("/v1/resources?persona=other")["resources"]?.array?.isEmpty == true)
                #expect(try await client.get("/v1/resources?fleet=nope").isProblem(.notFound))
                let first = try await client.get("/v1/resources?limit=2")
                let cursor = try #require(first["next"]?.string)
                let second = try await client.get("/v1/resources?limit=2&cursor=\(PercentCoding.encode(cursor))")
                #expect(second["resources/0/id"]?.string == "web-3")
                #expect(try await client.get("/v1/resources/web-1")["labels/zone"]?.string == "a")
                #expect(try await client.get("/v1/resources/web%2D1").status == 200)
                #expect(try await client.get("/v1/resources/web-9").isProblem(.notFound))
                #expect(try await client.get("/v1/resources/%ff").isProblem(.notFound))
                #expect(try await client.get("/v1/resources/%00").isProblem(.badRequest))
            }
    }

    @Test func personasAreListedAndRead() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                #expect(try await client.get("/v1/personas")["personas"]?.array?.count == 2)
                let one = try await client.get("/v1/personas/low-latency")
                #expect(one["kpis/1/comparison"]?.string == "<")
                #expect(one["allocation/memory_bytes"]?.integer == 4 << 30)
                let wrong = try await client.get("/v1/personas/low-latncy")
                #expect(wrong.isProblem(.notFound))
                #expect(wrong["detail"]?.string?.contains("low-latency") == true)
            }
    }

    @Test func whatIsUnchangedIsNotSentAgain() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let first = try await client.get("/v1/resources/web-1")
            let tag = try #require(first.header("ETag"))
            for header in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await client.get("/v1/resources/web-1", headers: ["If-None-Match": header])
                #expect(again.status == 304)
                #expect(again.bytes.isEmpty)
                #expect(again.header("ETag") == tag)
            }
            let other = try await client.get("/v1/resources/web-1", headers: ["If-None-Match": "\"x\""])
            #expect(other.status == 200)
        }
    }

    @Test func headAnswersAsGetWithoutABody() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let get = try await client.get("/v1/fleets")
                let head = try await client.send(.head, "/v1/fleets")
                #expect(head.status == 200)
                #expect(head.bytes.isEmpty)
                #expect(head.header("Content-Length") == String(get.bytes.count))
            }
    }

    @Test func healthIsOpenAndSaysWhyNot() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            #expect(try await client.get("/healthz", as: nil).status == 200)
            #expect(try await client.get("/readyz", as: nil).status == 200)
            world.control.state.withLock { $0.unready = "The workspace does not load: policies/fleets/a.lua:3." }
            let reply = try await client.get("/readyz", as: nil)
            #expect(reply.isProblem(.unavailable))
            #expect(reply["detail"]?.string?.contains("a.lua:3") == true)
            #expect(try await client.get("/healthz", as: nil).status == 200)
        }
    }

    @Test func metricsAreInPrometheusText() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                _ = try await client.get("/v1/fleets")
                #expect(try await client.get("/metrics", as: nil).isProblem(.unauthorized))
                let reply = try await client.get("/metrics", as: .viewer)
                #expect(reply.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
                for line in [
                    "troupe_http_requests_total{method=\"GET\",route=\"/v1/fleets\",status=\"200\"} 1",
                    "troupe_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/fleets\"} 1",
                    "troupe_fleet_demand{fleet=\"storefront\"} 200",
                    "troupe_fleet_forecast_demand{fleet=\"storefront\",quantile=\"0.95\"} 260",
                    "troupe_fleet_mode{fleet=\"storefront\",mode=\"advise\"} 1",
                    "troupe_workers_alive 2", "troupe_ready 1",
                ] {
                    #expect(reply.text.contains(line + "\n"), "\(line)")
                }
                // What is not known is left out, not 0.
                #expect(!reply.text.contains("troupe_fleet_demand{fleet=\"batch\"}"))
                var families: Set<Substring> = []
                for line in reply.text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                    #expect(families.insert(line.split(separator: " ")[2]).inserted, "\(line)")
                }
            }
    }
}
