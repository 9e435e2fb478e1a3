import Domain
import Foundation
import StateStore
import TestSupport
import Testing

/// A person on call finds what is held, sees why, and lifts it: with a real server, real workers and real scripts.
@Suite(.inTurn)
struct HoldCommandTests {
    /// One instruction of Lua that takes many seconds: all keys of a large table collide when it grows. No limit inside the worker sees
    /// it before it is over, so the pool has to kill the worker.
    private static let hog = """
        local policy = { name = "hog" }
        function policy.propose(ctx)
          if ctx.kpi("latency_ms"):last() > 0 then
            local t = {}
            for i = 1, 131073 do t[i * 262143] = true end
          end
          return nil
        end
        return policy
        """

    private func report(latency: Int, _ served: ServedTroupe) async throws {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let file = served.folder.file("reading.txt")
        try Data("latency_ms{fleet=\"shop\",instance=\"a\"} \(latency) \(now)\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        let imported = try await served.run("kpi", "import", file)
        try #require(imported.status == 0, "\(imported.errors)")
    }

    private func script(_ name: String, _ served: ServedTroupe) async throws -> [String: Any] {
        let health = try CommandLineTool.json(try await served.run("policy", "health", "--json"))
        let scripts = try #require(health["scripts"] as? [[String: Any]])
        return scripts.first { $0["name"] as? String == name } ?? [:]
    }

    @Test func aPolicyThatCostsWorkersIsQuarantinedSeenLiftedAndRunsAgain() async throws {
        let served = try await ServedTroupe()
        try served.write("policies/scaling/hog.lua", Self.hog)
        let fleet = try #require(ServedTroupe.workspace["policies/fleets/shop.lua"])
        try served.write(
            "policies/fleets/shop.lua",
            fleet.replacing("{ \"quiet\" }", with: "{ \"quiet\", \"hog\" }")
                .replacing("mode = \"act\"", with: "interval = \"1s\", mode = \"advise\"")
        )
        try await served.wait(for: "the quarantine") {
            try await report(latency: 1, served)
            return try await script("hog", served)["state"] as? String == "quarantined"
        }
        let held = try await script("hog", served)
        #expect(held["kills"] as? Int == 3)
        #expect(held["fleets"] as? [String] == ["shop"])
        #expect((held["failures_by_kind"] as? [String: Int])?["killed_at_deadline"] == 3)
        try await served.wait(for: "the note") {
            try await served.run("fleet", "status", "shop").output
                .contains("policy hog is quarantined and not run: It cost 3 workers")
        }
        #expect(try await served.run("fleet", "status", "shop").output.contains("`troupe policy lift hog`"))
        let table = try await served.run("policy", "health")
        #expect(table.status == 1)
        for text in ["policies/scaling/hog.lua", "3 killed at deadline", "troupe policy lift hog", "quiet.lua"] {
            #expect(table.output.contains(text), "\(text) is missing in:\n\(table.output)")
        }

        let unknown = try await served.run("policy", "lift", "hgo")
        #expect(unknown.errors.contains("Did you mean \"hog\"?"), "\(unknown.errors)")
        let nothing = try await served.run("policy", "lift", "quiet")
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("is not in quarantine"), "\(nothing.errors)")

        // What is reported within one step counts as its mean.
        try await report(latency: -1000, served)
        let lifted = try await served.run("policy", "lift", "hog", "--reason", "the load is gone")
        #expect(lifted.output.contains("policies/scaling/hog.lua is run again"), "\(lifted.errors)")
        try await served.wait(for: "the policy to run") {
            try await report(latency: -1000, served)
            let status = try await served.run("fleet", "status", "shop").output
            let now = try await script("hog", served)
            let isFine = now["state"] as? String == "ok" && !status.contains("policy hog")
            return isFine && (now["evaluations"] as? Int ?? 0) > (now["failures"] as? Int ?? 0)
        }
        #expect(try await served.run("policy", "health").status == 0)
        let audit = try StateStore(path: "\(served.data)/state.db")
            .audit(AuditSelection(action: "lift quarantine", limit: 10))
        #expect(audit.map(\.outcome) == ["done", "refused: conflict", "refused: not-found"])
        #expect(audit.first?.actor == "local-admin" && audit.first?.subject == "hog")
        #expect(audit.first?.detail.hasPrefix("the load is gone: policies/scaling/hog.lua (It cost 3 workers") == true)
    }

    @Test func aDriverIsGrantedAndSeenAsTheServerSeesIt() async throws {
        let served = try await ServedTroupe()
        try served.write("plugins/odd/plugin.lua", Self.driver("error('the sky fell')"))
        let fleet = try #require(ServedTroupe.workspace["policies/fleets/shop.lua"])
        try served.write(
            "policies/fleets/depot.lua",
            fleet.replacing("\"shop\"", with: "\"depot\"").replacing("\"simulated\"", with: "\"odd\"")
        )
        func health(_ text: String) async throws -> Bool {
            let seen = try await served.run("plugin", "health")
            return seen.output.contains(text) && seen.status == 1
        }
        try await served.wait(for: "the driver to be held") { try await health("not granted") }
        let workspace = ["--workspace", served.workspace, "--data", served.data]
        let refused = try await served.run("plugin", "lift", "odd", "--fleet", "depot", "--reason", "please")
        #expect(refused.errors.contains("is not held: it is not granted"), "\(refused.errors)")
        for more in ["--yes", "--revoke", "--yes"] {
            let granted = try await CommandLineTool.run(["plugin", "grant", "odd", more] + workspace)
            #expect(granted.status == 0, "\(granted.errors)")
        }
        let audit = try StateStore(path: "\(served.data)/state.db").audit(AuditSelection(limit: 10))
            .filter { $0.action.hasSuffix("plugin") }
        #expect(audit.map(\.action) == ["grant plugin", "revoke plugin", "grant plugin"])
        for entry in audit {
            #expect(entry.actor == ProcessInfo.processInfo.userName && entry.token == nil)
            #expect(entry.subject == "odd" && entry.outcome == "done")
            #expect(entry.detail == "version 1.0.0: files state")
        }

        // A grant is taken at once. Then it is asked later and later; a person who knows better does not wait.
        try await served.wait(for: "the driver to be asked") { try await health("the sky fell") }
        let lifted = try await served.run("plugin", "lift", "odd", "--fleet", "depot", "--reason", "mended")
        #expect(lifted.output.contains("of fleet depot is run again"), "\(lifted.errors)")
        let status = try await served.run("fleet", "status", "depot").output
        for text in ["odd: failing, tried again in", "the sky fell", "last look never; "] {
            #expect(status.contains(text), "\(text) is missing in:\n\(status)")
        }
        #expect(try await served.run("fleet", "status", "shop").output.contains("simulated: ok"))
        let wrong = try await served.run("plugin", "lift", "process", "--fleet", "depot")
        #expect(wrong.errors.contains("fleet depot has the driver odd, not process"), "\(wrong.errors)")

        // The server keeps what it has seen; a probe asks for itself.
        try served.write("plugins/odd/plugin.lua", Self.driver("return {}"))
        let probed = try await CommandLineTool.run(["plugin", "health", "--probe"] + workspace)
        #expect(probed.status == 0, "\(probed.output)\(probed.errors)")
        try await served.wait(for: "the corrected driver") {
            try await served.run("fleet", "status", "depot").output.contains("odd: ok")
        }
        #expect(try await served.run("plugin", "health", "odd").status == 0)
    }

    @Test func withoutAServerTheDriversAreAskedFromHere() async throws {
        let folder = try TemporaryFolder()
        let workspace = try SmallWorkspace.write(
            in: folder.file("workspace"),
            [
                "plugins/odd/plugin.lua": Self.driver("return {}"),
                "policies/fleets/web.lua": try #require(SmallWorkspace.files["policies/fleets/web.lua"])
                    .replacing("\"simulated\"", with: "\"odd\""),
            ]
        )
        let arguments = ["--workspace", workspace, "--data", folder.file("data"), "--json"]
        let held = try await CommandLineTool.run(["plugin", "health"] + arguments)
        #expect(held.status == 1)
        #expect(held.errors.contains("no server runs over this data folder"), "\(held.errors)")
        #expect(held.output.contains("\"from\" : \"probe\"") && held.output.contains("not granted"))
        // A server that was named is not replaced by anything.
        let named = try await CommandLineTool.run(["plugin", "health", "--server", "http://127.0.0.1:1"] + arguments)
        #expect(named.status == 1 && named.errors.contains("nobody listens there"), "\(named.errors)")
    }

    @Test func theTimelineOfAResourceThatIsGoneIsShown() async throws {
        let served = try await ServedTroupe()
        try await served.wait(for: "the resources to be known") {
            try await served.run("persona", "assign", "safe", "shop-1", "--reason", "a look").status == 0
        }
        let fleet = try #require(ServedTroupe.workspace["policies/fleets/shop.lua"])
        try served.write("policies/fleets/depot.lua", fleet.replacing("\"shop\"", with: "\"depot\""))
        try FileManager.default.removeItem(atPath: "\(served.workspace)/policies/fleets/shop.lua")
        try await served.wait(for: "the fleet to leave") {
            try await served.run("persona", "timeline", "shop-1").output.contains("shop-1, gone")
        }
        let timeline = try await served.run("persona", "timeline", "shop-1")
        #expect(timeline.output.contains("by local-admin, priority person: a look"), "\(timeline.output)")
        let never = try await served.run("persona", "timeline", "shop-77")
        #expect(never.status == 1 && never.errors.contains("There is no resource"), "\(never.errors)")
    }

    private static func driver(_ body: String) -> String {
        """
        return driver {
          name = "odd", version = "1.0.0", api = 1, needs = { files = { "state" } }, config = {}, can = {},
          describe = function(host, target, page) \(body) end,
          provision = function(host, target, request) return { ids = {}, refused = request.count } end,
          retire = function(host, target, request) return {} end,
        }
        """
    }
}
