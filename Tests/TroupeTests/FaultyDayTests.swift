import Foundation
import TestSupport
import Testing

struct FaultyDayTests {
    /// Half a day of all that goes wrong, in a process of its own, so that what it holds is what the day left; `troupe-bench day` is the
    /// same with a whole one.
    @Test func aDayOfFaultsBreaksNoLimitAndLeaksNothing() async throws {
        let tool = try #require(
            CommandLineTool.executable?.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        )
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = tool
        process.arguments = ["day", "--hours", "12", "--warm", "6"]
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = process.standardOutput
        let status = try await process.runToTheEnd()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(status == 0, "\(text)")
        #expect(text.contains("no limit broken, nothing leaked"), "\(text)")
    }
}
