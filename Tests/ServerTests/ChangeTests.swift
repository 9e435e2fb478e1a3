import Control
import Domain
import HTTPTypes
import StateStore
import TestSupport
import Testing

@testable import Server

/// What is changed through the API.
@Suite(.inTurn)
struct ChangeTests {
    private static let persona = "/v1/resources/web-1/persona"

    @Test func aPersonaIsAssignedAndReleased() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let dry = try await client.json(
                .put,
                Self.persona + "?dry_run=true",
                "{\"persona\":\"background-task\"}",
                as: .operator
            )
            #expect(dry.status == 200)
            #expect(dry["persona_after"]?.string == "background-task")
            #expect(try await client.get(Self.persona)["persona"]?.string == "low-latency")
            let done = try await client.json(
                .put,
                Self.persona,
                "{\"persona\":\"background-task\",\"duration\":\"2m\",\"priority\":\"trial\",\"reason\":\"a test\"}",
                as: .operator
            )
            #expect(done.status == 200)
            #expect(done["until"]?.string == (FakeControlPlane.start + .minutes(2)).description)
            let held = try await client.get(Self.persona)
            #expect(held["assignment/priority"]?.string == "trial")
            #expect(held["assignment/by"]?.string == "test-operator")
            let history = try await client.get("/v1/resources/web-1/assignments")
            #expect(history["assignments"]?.array?.count == 1)
            let released = try await client.send(.delete, Self.persona, as: .operator)
            #expect(released["persona_after"]?.string == "low-latency")
            #expect(try await client.send(.delete, Self.persona, as: .operator).isProblem(.conflict))
        }
    }

    @Test func badAssignmentsNameWhatIsWrong() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let misspelt = try await client.json(.put, Self.persona, "{\"perosna\":\"low-latency\"}")
                #expect(misspelt.isProblem(.badRequest))
                #expect(misspelt["errors/0/place"]?.string == "/perosna")
                #expect(misspelt["errors/0/suggestion"]?.string == "persona")
                #expect(misspelt["errors/1/place"]?.string == "/persona")
                for body in [
                    "{\"persona\":7}", "{\"persona\":\"\"}", "{\"persona\":\"a\",\"duration\":\"fast\"}",
                    "{\"persona\":\"a\",\"duration\":90}", "{\"persona\":\"a\",\"priority\":\"king\"}", "[]", "null",
                    "{\"persona\":null}", "{\"persona\":\"a\",\"reason\":\"\"}", "{\"persona\":\"a\\u0000\"}",
                ] {
                    #expect(try await client.json(.put, Self.persona, body).isProblem(.badRequest), "\(body)")
                }
                #expect(try await client.json(.put, Self.persona, "{\"persona\":\"nope\"}").isProblem(.notFound))
                #expect(
                    try await client.json(.put, "/v1/resources/nope/persona", "{\"persona\":\"low-latency\"}")
                        .isProblem(.notFound)
                )
                let prioritySlip = try await client.json(
                    .put,
                    Self.persona,
                    "{\"persona\":\"a\",\"priority\":\"preson\"}"
                )
                #expect(prioritySlip["errors/0/suggestion"]?.string == "person")
            }
    }

    @Test func aChangeUnderIfMatchIsMadeOnlyOnWhatWasSeen() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let tag = try #require(try await client.get(Self.persona).header("ETag"))
                let body = "{\"persona\":\"background-task\"}"
                let first = try await client.json(.put, Self.persona, body, headers: ["If-Match": tag])
                #expect(first.status == 200)
                let second = try await client.json(.put, Self.persona, body, headers: ["If-Match": tag])
                #expect(second.isProblem(.preconditionFailed))
                #expect(second.header("ETag") != tag)
                #expect(
                    try await client.send(.delete, Self.persona, headers: ["If-Match": tag])
                        .isProblem(.preconditionFailed)
                )
                #expect(try await client.send(.delete, Self.persona, headers: ["If-Match": "*"]).status == 200)
            }
    }

    @Test func ofManyUnderOneIfMatchOneWins() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let tag = try #require(try await client.get(Self.persona).header("ETag"))
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for index in 0..<20 {
                        group.addTask {
                            try await client.json(
                                .put,
                                Self.persona,
                                "{\"persona\":\"background-task\",\"reason\":\"\(index)\"}",
                                headers: ["If-Match": tag]
                            )
                            .status
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses.filter { $0 == 200 }.count == 1)
                #expect(statuses.filter { $0 == 412 }.count == 19)
            }
    }

    @Test func manyAreAssignedBySelector() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let reply = try await client.json(
                    .post,
                    "/v1/assignments",
                    "{\"labels\":{\"zone\":\"b\"},\"persona\":\"background-task\"}",
                    as: .operator
                )
                #expect(reply.status == 200)
                #expect(reply["effects"]?.array?.count == 3)
                #expect(
                    try await client.json(.post, "/v1/assignments", "{\"persona\":\"background-task\"}")
                        .isProblem(.unprocessable)
                )
                #expect(
                    try await client.json(
                        .post,
                        "/v1/assignments",
                        "{\"labels\":{\"zone\":7},\"persona\":\"background-task\"}"
                    )
                    .isProblem(.badRequest)
                )
            }
    }

    @Test func aWorkspaceIsLoadedWholeOrNotAtAll() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let tag = try #require(try await client.get("/v1/workspace").header("ETag"))
                let wrong = try await client.json(
                    .put,
                    "/v1/workspace",
                    "{\"files\":[{\"path\":\"policies/a.lua\",\"text\":\"error\"}]}"
                )
                #expect(wrong.isProblem(.unprocessable))
                #expect(wrong["errors/0/place"]?.string == "policies/a.lua:1")
                #expect(wrong["errors/0/suggestion"]?.string == "persona")
                #expect(try await client.get("/v1/workspace").header("ETag") == tag)
                let right = try await client.json(
                    .put,
                    "/v1/workspace",
                    "{\"files\":[{\"path\":\"policies/a.lua\",\"text\":\"return {}\"}],\"reason\":\"better\"}",
                    headers: ["If-Match": tag]
                )
                #expect(right["version"]?.integer == 2)
                #expect(
                    try await client.json(.put, "/v1/workspace", "{\"files\":[]}", headers: ["If-Match": tag])
                        .isProblem(.preconditionFailed)
                )
                let history = try await client.get("/v1/workspace/history")
                #expect(history["versions/0/version"]?.integer == 2)
                let back = try await client.json(.post, "/v1/workspace/rollback", "{}")
                #expect(back["version"]?.integer == 3)
                #expect(try await client.json(.post, "/v1/workspace/rollback", "{\"version\":99}").isProblem(.notFound))
                #expect(
                    try await client.json(.post, "/v1/workspace/rollback", "{\"version\":0}").isProblem(.badRequest)
                )
            }
    }

    @Test(arguments: [
        "../etc/passwd", "policies/../../x", "/policies/a.lua", "policies", "policies//a", "lib/a.lua",
        "policies/.git/x",
    ])
    func pathsStayBelowTheWorkspace(_ path: String) async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let reply = try await client.json(
                    .put,
                    "/v1/workspace",
                    "{\"files\":[{\"path\":\"\(path)\",\"text\":\"\"}]}"
                )
                #expect(reply.isProblem(.badRequest))
            }
    }

    @Test func everyChangeIsInTheAudit() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            _ = try await client.json(
                .put,
                Self.persona,
                "{\"persona\":\"background-task\",\"reason\":\"why\"}",
                as: .operator,
                headers: ["X-Request-Id": "r-1"]
            )
            _ = try await client.json(.put, Self.persona, "{\"persona\":\"nope\"}", as: .operator)
            _ = try await client.json(.put, Self.persona + "?dry_run=true", "{\"persona\":\"low-latency\"}")
            _ = try await client.json(.put, Self.persona, "{\"persona\":\"low-latency\"}", as: .viewer)
            let audit = try await client.get("/v1/audit")
            let entries = try #require(audit["entries"]?.array)
            // A dry run changes nothing, and who may not, did not.
            #expect(entries.count == 2)
            #expect(audit["entries/0/outcome"]?.string == "refused: not-found")
            #expect(audit["entries/1/outcome"]?.string == "done")
            #expect(audit["entries/1/actor"]?.string == "test-operator")
            #expect(audit["entries/1/action"]?.string == "assign persona")
            #expect(audit["entries/1/subject"]?.string == "web-1")
            #expect(audit["entries/1/detail"]?.string == "background-task, priority person: why")
            #expect(audit["entries/1/request_id"]?.string == "r-1")
            let page = try await client.get("/v1/audit?limit=1")
            let next = try #require(page["next"]?.string)
            #expect(try await client.get("/v1/audit?limit=1&cursor=\(next)")["entries/0/outcome"]?.string == "done")
            #expect(try await client.get("/v1/audit?actor=nobody")["entries"]?.array?.isEmpty == true)
        }
    }
}
