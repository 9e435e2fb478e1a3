import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct FleetCommandTests {
    @Test func fleetsAreListedAndShownWithWhatIsWrong() async throws {
        let served = try await ServedTroupe()
        try await served.wait(for: "a first decision") {
            try await served.run("explain", "--fleet", "shop").status == 0
        }
        let list = try await served.run("fleet", "list")
        #expect(list.status == 0, "\(list.errors)")
        let row = try #require(list.output.split(separator: "\n").first { $0.hasPrefix("shop") })
        #expect(row.contains("act"))
        #expect(row.contains("missing"))

        let status = try await served.run("fleet", "status", "shop")
        #expect(status.status == 0, "\(status.errors)")
        for text in ["2 ready", "not known: missing", "last decision", "quiet", "! demand request_rate is missing"] {
            #expect(status.output.contains(text), "\(text) is missing in:\n\(status.output)")
        }
        let json = try CommandLineTool.json(try await served.run("fleet", "status", "shop", "--json"))
        #expect(json["demand_status"] as? String == "missing")
        #expect(json["demand"] is NSNull)

        let wrong = try await served.run("fleet", "status", "shp")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("There is no fleet \"shp\""), "\(wrong.errors)")
        #expect(wrong.errors.contains("[404, request "), "\(wrong.errors)")
    }

    @Test func aLiveDecisionIsExplained() async throws {
        let served = try await ServedTroupe()
        try await served.wait(for: "a first decision") {
            try await served.run("explain", "--fleet", "shop").status == 0
        }
        let last = try await served.run("explain", "--fleet", "shop")
        #expect(last.output.contains("What was seen"), "\(last.output)")
        #expect(last.output.contains("the recorded input leads to the same decision"), "\(last.output)")

        let json = try CommandLineTool.json(try await served.run("explain", "--fleet", "shop", "--json"))
        let at = try #require(json["at"] as? String)
        let exact = try await served.run("explain", "--fleet", "shop", at)
        #expect(exact.status == 0, "\(exact.errors)")
        #expect(!exact.output.contains("No trace was kept"))

        let early = try await served.run("explain", "--fleet", "shop", "2020-01-01")
        #expect(early.status == 1)
        #expect(early.errors.contains("no decision at or before"), "\(early.errors)")

        for arguments in [["explain"], ["explain", "dir"], ["explain", "--fleet", "shop", "soon"]] {
            #expect(try await CommandLineTool.run(arguments).status == 64)
        }
    }
}
