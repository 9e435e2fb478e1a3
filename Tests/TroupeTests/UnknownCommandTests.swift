import TestSupport
import Testing

@Suite(.inTurn)
struct UnknownCommandTests {
    @Test(arguments: [
        (["plugin", "tset", "boxes"], "troupe plugin tset", "test"), (["actions", "list"], "troupe actions", "action"),
        (["fleet", "staus", "shop"], "troupe fleet staus", "status"),
    ])
    func aSlipOfTheFingersIsNamed(words: [String], what: String, meant: String) async throws {
        let ended = try await CommandLineTool.run(words)
        #expect(ended.status == 64)
        #expect(ended.errors.contains("error: there is no command \"\(what)\" (did you mean \(meant)?)"))
    }

    @Test func whatIsNoCommandAndNearNoneNamesThoseThereAre() async throws {
        let ended = try await CommandLineTool.run(["frobnicate"])
        #expect(ended.status == 64)
        #expect(ended.errors.contains("there is no command \"troupe frobnicate\"; known: "))
        #expect(ended.errors.contains("serve"))
    }

    @Test func helpAndVersionAreTheParsers() async throws {
        #expect(try await CommandLineTool.run(["help", "fleet"]).status == 0)
        #expect(try await CommandLineTool.run(["fleet", "--help"]).status == 0)
        #expect(try await CommandLineTool.run(["--version"]).output.contains("."))
        #expect(try await CommandLineTool.run(["explain", "no-such-folder", "2026-03-02"]).status != 0)
    }
}
