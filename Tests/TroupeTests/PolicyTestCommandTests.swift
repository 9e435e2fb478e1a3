import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct PolicyTestCommandTests {
    @Test func theShippedPoliciesPassTheirTests() async throws {
        let ended = try await CommandLineTool.run(["policy", "test", "--seeds", "2"])
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains(" 0 failed"))
    }

    @Test func aTestThatFailsSaysWhereAndFailsTheRun() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: CommandLineTool.repository.appendingPathComponent("policies").path,
            toPath: folder.file("policies")
        )
        let source = """
            test("never holds", function(t)
              local d = t.decide { fleet = "storefront", policy = "latency-guard", kpis = { request_latency_p99_ms = t.missing } }
              t.equal(d.outcome, "scale_out")
            end)
            test("asks for a fleet that is not there", function(t)
              t.decide { fleet = "storefrnt" }
            end)
            """
        try Data(source.utf8).write(to: URL(fileURLWithPath: folder.file("policies/tests/wrong_test.lua")))
        let ended = try await CommandLineTool.run(["policy", "test", "wrong"], in: folder.path)
        #expect(ended.status == 1)
        #expect(ended.output.contains("policies/tests/wrong_test.lua:3: "), "\(ended.output)")
        #expect(ended.output.contains("policies/tests/wrong_test.lua:6: "), "\(ended.output)")
        #expect(ended.output.contains("did you mean \"storefront\"?"), "\(ended.output)")
        #expect(ended.output.contains("0 passed, 2 failed"))

        let json = try CommandLineTool.json(
            try await CommandLineTool.run(["policy", "test", "wrong", "--json"], in: folder.path)
        )
        #expect(json["failed"] as? Int == 2)
    }

    @Test func aFilterThatMatchesNothingIsNoSuccess() async throws {
        let ended = try await CommandLineTool.run(["policy", "test", "--filter", "there is no such test"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("no test matches"))
    }
}
