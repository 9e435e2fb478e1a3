import Foundation
import TestSupport
import Testing

struct KilledServerTests {
    /// Eight kills under load; `troupe-bench kill --rounds 100` is the same with more.
    @Test func aKilledServerHasAllThatItAcknowledged() async throws {
        let tool = try #require(
            CommandLineTool.executable?.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        )
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = tool
        process.arguments = ["kill", "--rounds", "8", "--series", "200"]
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        let status = try await process.runToTheEnd()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(status == 0, "\(text)")
        #expect(text.contains("all there once"), "\(text)")
    }
}
