import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct CheckCommandTests {
    @Test func theShippedWorkspaceHoldsTogether() async throws {
        let ended = try await CommandLineTool.run(["check"])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("storefront"))
        #expect(ended.output.contains("ok:"))
    }

    /// Every mistake of every file in one run, each with its place; and nothing is loaded.
    @Test func everyMistakeIsReportedAtOnce() async throws {
        let folder = try TemporaryFolder()
        for name in ["personas", "fleets", "scaling"] {
            try FileManager.default.createDirectory(
                atPath: folder.file("policies/\(name)"),
                withIntermediateDirectories: true
            )
        }
        try Data(
            """
            return persona {
              name = "web",
              capacity = { request_rate = 100 },
              cots = { per_hour = 1, shortfall = 20 },
            }
            """
            .utf8
        )
        .write(to: URL(fileURLWithPath: folder.file("policies/personas/web.lua")))
        try Data(
            """
            return fleet {
              name = "shop", driver = "simulatd",
              personas = { "wbe" },
              policies = { "nobody" },
              demand = "request_rate",
              limits = { mni = 2 },
            }
            """
            .utf8
        )
        .write(to: URL(fileURLWithPath: folder.file("policies/fleets/shop.lua")))
        try Data("return { name = \"half\", propose = function( }".utf8)
            .write(to: URL(fileURLWithPath: folder.file("policies/scaling/half.lua")))

        let ended = try await CommandLineTool.run(["check", folder.path])
        #expect(ended.status == 1)
        for expected in [
            "policies/personas/web.lua:4: error:", "did you mean \"cost\"", "policies/fleets/shop.lua:2: error:",
            "did you mean \"simulated\"", "policies/fleets/shop.lua:3: error:", "did you mean \"web\"",
            "policies/fleets/shop.lua:4: error:", "policies/fleets/shop.lua:6: error:", "did you mean \"min\"",
            "policies/scaling/half.lua:1: error:", "nothing was loaded",
        ] { #expect(ended.errors.contains(expected), "\(expected) is missing in:\n\(ended.errors)") }

        let json = try CommandLineTool.json(try await CommandLineTool.run(["check", folder.path, "--json"]))
        #expect(json["ok"] as? Bool == false)
        #expect((json["errors"] as? [String])?.isEmpty == false)
    }

    @Test func aFolderThatIsNotThereIsSaidSo() async throws {
        let ended = try await CommandLineTool.run(["check", "/nowhere/at/all"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("/nowhere/at/all"))
    }

    @Test func withoutAWorkerNothingRunsAndItIsSaidWhy() async throws {
        let ended = try await CommandLineTool.run(["check"], environment: ["TROUPE_WORKER": "/nowhere/troupe-worker"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("/nowhere/troupe-worker"))
    }
}
