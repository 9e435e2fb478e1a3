import Foundation
import TestSupport
import Testing

struct KilledJournalTests {
    /// Twenty kills of a server over real processes; `troupe-bench journal --rounds 300` is the same with more.
    @Test func aKilledServerDoesNothingTwiceAndLosesNothing() async throws {
        let tool = try #require(
            CommandLineTool.executable?.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        )
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = tool
        process.arguments = [
            "journal", "--rounds", "20", "--plugins", CommandLineTool.repository.appendingPathComponent("plugins").path,
        ]
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        let status = try await process.runToTheEnd()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(status == 0, "\(text)")
        #expect(text.contains("each once and written before"), "\(text)")
    }
}
