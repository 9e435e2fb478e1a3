import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct DemoCommandTests {
    /// Without a terminal: lines, no control characters, and what came of it; nothing is left behind.
    @Test func runsLiveWithoutATerminal() async throws {
        let ended = try await CommandLineTool.run(["demo", "--for", "4h", "--speed", "1800", "--port", "0"])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(!ended.output.contains("\u{1B}"))
        #expect(ended.output.contains("API at http://127.0.0.1:"))
        for fleet in ["batch", "ingest", "storefront"] { #expect(ended.output.contains("\(fleet): demand")) }
        #expect(ended.output.contains("decisions recorded"))
        let folder = try #require(ended.output.split(separator: "TROUPE_DATA=").last?.split(separator: "\n").first)
        #expect(!FileManager.default.fileExists(atPath: String(folder)))
    }

    @Test func saysWhatIsWrongWithItsOptions() async throws {
        let folder = try TemporaryFolder()
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("there")))
        for (arguments, status, text) in [
            (["--speed", "0"], 64, "from 1 to 20,000"),
            (["--for", "soon"], 64, "soon"),
            (["--port", "70000"], 64, "65535"),
            (["--fleet", "storefrnt"], 1, "did you mean \"storefront\""),
            (["--data", folder.path], 1, "is not empty"),
        ] as [([String], Int32, String)] {
            let ended = try await CommandLineTool.run(["demo", "--port", "0", "--for", "1m"] + arguments)
            #expect(ended.status == status, "\(arguments): \(ended.output) \(ended.errors)")
            #expect((ended.errors + ended.output).contains(text), "\(arguments): \(ended.errors)")
        }
    }

    @Test func helpHasExamplesAndCompletionIsThere() async throws {
        for command in [[], ["demo"], ["serve"], ["check"], ["backtest"], ["explain"], ["policy", "test"]] {
            let help = try await CommandLineTool.run(command + ["--help"])
            #expect(help.status == 0)
            #expect(help.output.contains("  troupe "), "\(command): an example")
        }
        for shell in ["bash", "zsh", "fish"] {
            #expect(try await CommandLineTool.run(["--generate-completion-script", shell]).output.contains("troupe"))
        }
    }
}
