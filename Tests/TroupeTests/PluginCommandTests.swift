import Foundation
import TestSupport
import Testing

/// What an operator reads before a driver may act.
@Suite(.inTurn)
struct PluginCommandTests {
    private static let plugin = """
        return driver {
          name = "boxes", version = "1.0.0", api = 1,
          needs = { http = { "GET, POST target.url" }, secrets = { "boxes-token" } },
          config = { url = "string" }, can = { "retire_chosen" },
          describe = function(host, target) return {} end,
          provision = function(host, target, request) return { refused = request.count } end,
          retire = function(host, target, request) return {} end,
        }
        """

    private func workspace(_ folder: TemporaryFolder) throws -> String {
        try SmallWorkspace.write(
            in: folder.file("workspace"),
            [
                "plugins/boxes/plugin.lua": Self.plugin,
                "policies/fleets/shop.lua": """
                return fleet {
                  name = "shop", driver = "boxes", target = { url = "https://boxes.example.com/v2" },
                  personas = { "one" }, policies = { "none" }, demand = "request_rate", limits = { min = 1, max = 3 }, mode = "observe",
                }
                """,
            ]
        )
    }

    @Test func aGrantShowsTheAddressesThatFleetsPutThere() async throws {
        let folder = try TemporaryFolder()
        let place = ["--workspace", try workspace(folder), "--data", folder.file("data")]
        let shown = try await CommandLineTool.run(["plugin", "grant", "boxes"] + place)
        #expect(
            shown.output.contains("http GET,POST target.url: https://boxes.example.com/v2 for fleet shop"),
            "\(shown.output)\(shown.errors)"
        )
        #expect(shown.output.contains("secret boxes-token\n"), "\(shown.output)")
    }

    @Test func afterAWithdrawalTheDriverIsSaidNotToBeGranted() async throws {
        let folder = try TemporaryFolder()
        let place = ["--workspace", try workspace(folder), "--data", folder.file("data")]
        #expect(try await CommandLineTool.run(["plugin", "grant", "boxes", "--yes"] + place).status == 0)
        #expect(try await CommandLineTool.run(["plugin", "grant", "boxes", "--revoke"] + place).status == 0)
        let list = try await CommandLineTool.run(["plugin", "list"] + place)
        #expect(list.output.contains("no: not granted"), "\(list.output)\(list.errors)")
    }

    @Test func whoeverAsksForAFleetIsToldItsDriver() async throws {
        let folder = try TemporaryFolder()
        let place = ["--workspace", try workspace(folder), "--data", folder.file("data")]
        let fleet = try await CommandLineTool.run(["plugin", "health", "shop"] + place)
        #expect(fleet.errors.contains("shop is a fleet, and its driver is boxes"), "\(fleet.errors)")
        let driver = try await CommandLineTool.run(["plugin", "health", "boxs"] + place)
        #expect(driver.errors.contains("did you mean \"boxes\"?"), "\(driver.errors)")
    }
}
