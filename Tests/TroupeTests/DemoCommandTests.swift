import Foundation
import TestSupport
import Testing

struct DemoCommandTests {
    /// Without a terminal: lines, no control characters, and the table.
    @Test func runsWithoutATerminal() throws {
        let ended = try CommandLineTool.run(["demo", "--speed", "0", "--policy", "forecast-only"])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(!ended.output.contains("\u{1B}"))
        #expect(ended.output.contains("forecast-only"))
        #expect(ended.output.contains("clairvoyant"))
        #expect(ended.output.contains("Wed 18:00"))
    }

    @Test func helpHasExamplesAndCompletionIsThere() throws {
        for command in [[], ["demo"], ["check"], ["backtest"], ["explain"], ["policy", "test"]] {
            let help = try CommandLineTool.run(command + ["--help"])
            #expect(help.status == 0)
            #expect(help.output.contains("  troupe "), "\(command): an example")
        }
        for shell in ["bash", "zsh", "fish"] {
            #expect(try CommandLineTool.run(["--generate-completion-script", shell]).output.contains("troupe"))
        }
    }
}
