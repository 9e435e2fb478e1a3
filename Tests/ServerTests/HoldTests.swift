import Control
import Domain
import HTTPTypes
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// How scripts and drivers fare, and what a person lifts, through the API.
@Suite(.inTurn)
struct HoldTests {
    @Test func scriptsAreListedWithWhatTheyCost() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let all = try await client.get("/v1/scripts", as: .viewer)
                #expect(all["scripts"]?.array?.count == 4)
                #expect(all["scripts/2/name"]?.string == "hog")
                #expect(all["scripts/2/state"]?.string == "quarantined")
                #expect(all["scripts/2/kills"]?.integer == 3)
                #expect(all["scripts/2/failures_by_kind/killed_at_deadline"]?.integer == 3)
                #expect(try await client.get("/v1/scripts?kind=driver")["scripts"]?.array?.count == 2)
                #expect(try await client.get("/v1/scripts?state=quarantined")["scripts"]?.array?.count == 1)
                #expect(try await client.get("/v1/scripts?state=ill").isProblem(.badRequest))
                // Two entries of one file are two all the same.
                var seen: [String] = []
                var cursor = ""
                repeat {
                    let page = try await client.get("/v1/scripts?limit=1\(cursor)")
                    seen.append("\(page["scripts/0/script"]?.string ?? "") \(page["scripts/0/fleets/0"]?.string ?? "")")
                    cursor = page["next"]?.string.map { "&cursor=" + PercentCoding.encode($0) } ?? ""
                } while !cursor.isEmpty && seen.count < 9
                #expect(
                    seen == [
                        "plugins/acme/plugin.lua batch", "plugins/acme/plugin.lua storefront",
                        "policies/scaling/hog.lua storefront", "policies/scaling/quiet.lua batch",
                    ]
                )
            }
    }

    @Test func aQuarantineIsLiftedAndTheAuditSaysWhoAndWhy() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let path = "/v1/scripts/policies%2Fscaling%2Fhog.lua/lift"
                #expect(try await client.json(.post, path, "{}", as: .viewer).isProblem(.forbidden))
                let body = "{\"reason\":\"it has memory again\"}"
                let lifted = try await client.json(.post, path, body, as: .operator)
                #expect(lifted["lifted/0/reason"]?.string == "It cost 3 workers.")
                #expect(try await client.get("/v1/scripts?state=quarantined")["scripts"]?.array?.isEmpty == true)
                #expect(try await client.json(.post, "/v1/scripts/hog/lift", "{}", as: .operator).isProblem(.conflict))
                #expect(try await client.json(.post, "/v1/scripts/hgo/lift", "{}", as: .operator).isProblem(.notFound))
                let audit = try await client.get("/v1/audit?action=lift%20quarantine")
                #expect(
                    audit["entries"]?.array?.compactMap { $0["outcome"]?.string }
                        == ["refused: not-found", "refused: conflict", "done"]
                )
                #expect(audit["entries/2/actor"]?.string == "test-operator")
                #expect(audit["entries/2/subject"]?.string == "policies/scaling/hog.lua")
                #expect(
                    audit["entries/2/detail"]?.string
                        == "it has memory again: policies/scaling/hog.lua (It cost 3 workers.)"
                )
            }
    }

    @Test func aFleetSaysHowItsDriverFaresAndItIsLifted() async throws {
        let world = try ServerWorld()
        let until = FakeControlPlane.start + .seconds(15)
        world.control.state.withLock {
            $0.drivers["batch"] = DriverStatus(
                driver: "acme",
                state: .leftAlone,
                reason: "the cloud is gone",
                nextTry: until,
                calls: 9,
                failures: 3
            )
        }
        try await world.test { (client) async throws in
            let fleet = try await client.get("/v1/fleets/batch")
            #expect(fleet["driver_health/state"]?.string == "left_alone")
            #expect(fleet["driver_health/next_try_at"]?.string == until.description)
            #expect(fleet["driver_health/failures"]?.integer == 3)
            #expect(try await client.get("/v1/fleets/storefront")["driver_health/state"]?.string == "ok")
            let path = "/v1/fleets/batch/driver/lift"
            #expect(try await client.json(.post, path, "{}", as: .viewer).isProblem(.forbidden))
            #expect(try await client.json(.post, path, "{}", as: .operator)["fleet"]?.string == "batch")
            #expect(try await client.json(.post, path, "{}", as: .operator).isProblem(.conflict))
            #expect(
                try await client.json(.post, "/v1/fleets/nope/driver/lift", "{}", as: .operator).isProblem(.notFound)
            )
            #expect(try await client.get("/v1/audit")["entries/2/action"]?.string == "lift driver")
        }
    }

    @Test func aResourceThatIsGoneKeepsItsHistory() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let path = "/v1/resources/web-1"
            _ = try await client.json(.put, path + "/persona", "{\"persona\":\"background-task\"}", as: .operator)
            #expect(try await client.get(path + "/assignments")["is_gone"]?.bool == false)
            world.control.state.withLock { state in state.resources.removeAll { $0.resource.id == "web-1" } }
            let history = try await client.get(path + "/assignments")
            #expect(history["is_gone"]?.bool == true)
            #expect(history["assignments/0/persona"]?.string == "background-task")
            #expect(try await client.get(path).isProblem(.notFound))
            #expect(try await client.get("/v1/resources/never/assignments").isProblem(.notFound))
        }
    }
}
