import Foundation
import Testing

struct KilledServerTests {
    /// Eight kills under load; `troupe-bench kill --rounds 100` is the same with more.
    @Test func aKilledServerHasAllThatItAcknowledged() throws {
        let tool = try #require(
            CommandLineTool.executable?.deletingLastPathComponent().appendingPathComponent("troupe-bench")
        )
        let output = Pipe()
        let process = Process()
        process.executableURL = tool
        process.arguments = ["kill", "--rounds", "8", "--series", "200"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("all there once"), "\(text)")
    }
}
