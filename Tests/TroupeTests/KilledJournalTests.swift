import Foundation
import Testing

struct KilledJournalTests {
    /// Twenty kills; `troupe-bench journal --rounds 300` is the same with more.
    @Test func aKilledLoopDoesNothingTwiceAndLosesNothing() throws {
        let tool = try #require(
            CommandLineTool.executable?.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        )
        let output = Pipe()
        let process = Process()
        process.executableURL = tool
        process.arguments = ["journal", "--rounds", "20"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("each once and written before"), "\(text)")
    }
}
