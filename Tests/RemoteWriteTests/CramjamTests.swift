import Foundation
import RemoteWrite
import TestSupport
import Testing

/// Compares the codec with Google's algorithm, where Python has the package cramjam.
struct CramjamTests {
    private static let isThere = python("import cramjam", input: []) != nil

    @Test(.enabled(if: isThere, "needs python3 with the package cramjam"))
    func eachReadsWhatTheOtherWrites() throws {
        var random = SeededGenerator(seed: 11)
        for length in [1, 100, 70_000, 300_000] {
            var plain: [UInt8] = []
            while plain.count < length {
                let word = (0..<Int.random(in: 1...40, using: &random))
                    .map { _ in UInt8.random(in: 0...255, using: &random) }
                for _ in 0..<Int.random(in: 1...5, using: &random) { plain.append(contentsOf: word) }
            }
            let theirs = Self.python(
                """
                import sys, cramjam
                sys.stdout.buffer.write(bytes(cramjam.snappy.compress_raw(sys.stdin.buffer.read())))
                """,
                input: plain
            )
            #expect(try Snappy.decode(#require(theirs), limit: plain.count) == plain)
            let back = Self.python(
                """
                import sys, cramjam
                sys.stdout.buffer.write(bytes(cramjam.snappy.decompress_raw(sys.stdin.buffer.read())))
                """,
                input: Snappy.encode(plain)
            )
            #expect(back == plain)
        }
    }

    /// What a script writes; nil where it fails.
    private static func python(_ script: String, input: [UInt8]) -> [UInt8]? {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cramjam-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try Data(input).write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
            try process.start()
        } catch {
            return nil
        }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? Array(bytes) : nil
    }
}
